import { Ratio, ratio } from '../ratio';
import { BpMs, FULLY_DOWN } from './weight-steps';

/** Means in ms, exact; null where there was no failure to divide by. MTBSI = MTBF + MTRS. */
export interface Reliability {
  /** Mean time between failures: (A − D) / n, from a restoration to the next failure. */
  readonly mtbf: Ratio | null;
  /** Mean time to restore service: D / n. */
  readonly mtrs: Ratio | null;
  /** Mean time between service incidents: A / n, from failure to failure. */
  readonly mtbsi: Ratio | null;
}

/**
 * @param agreedMs A, the agreed time
 * @param downBpMs D, the downtime in it
 * @param failures n, the episodes that are counted
 */
export const reliability = (agreedMs: number, downBpMs: BpMs, failures: number): Reliability => {
  if (failures === 0) return { mtbf: null, mtrs: null, mtbsi: null };
  const agreed = BigInt(agreedMs) * BigInt(FULLY_DOWN);
  const divisor = BigInt(failures) * BigInt(FULLY_DOWN);
  return {
    mtbf: ratio(agreed - downBpMs, divisor),
    mtrs: ratio(downBpMs, divisor),
    mtbsi: ratio(agreed, divisor),
  };
};

/** Availability achieved, (A − D) / A; null without agreed time: not measured. */
export const availability = (agreedMs: number, downBpMs: BpMs): Ratio | null => {
  if (agreedMs <= 0) return null;
  const agreed = BigInt(agreedMs) * BigInt(FULLY_DOWN);
  return ratio(agreed - downBpMs, agreed);
};
