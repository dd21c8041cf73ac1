import { ceilDiv } from '../ratio';
import { Instant } from '../time/instant';
import { Interval } from '../time/interval';
import { Allowance, leastOver } from './allowance';
import { stepsWithin, WeightStep } from './weight-steps';

/**
 * When each allowance is used up: the first integer ms t at which the downtime of [start, t) is over what the *whole*
 * period's agreed time allows; null when that does not happen in the period. One walk over the elementary segments
 * serves all allowances.
 *
 * Open outages are projected to go on; nothing else is assumed to happen. So a crossing may lie in the future, and it
 * exists exactly when `exceeded` holds for the projected downtime of the whole period. The millisecond before it still
 * counts, so t may equal the period's end.
 *
 * @param steps w(t), with `Infinity` as the end of what is still down
 * @param open the agreed time of the period, finite
 * @param agreedMs its length; 0: nothing is measured, nothing crossed
 * @returns for each allowance, in the order given
 */
export const crossings = (
  steps: readonly WeightStep[],
  open: readonly Interval[],
  agreedMs: number,
  allowances: readonly Allowance[],
): (Instant | null)[] => {
  const found = allowances.map((): Instant | null => null);
  if (agreedMs <= 0) return found;
  let pending = allowances.map((allowance, index) => ({ index, least: leastOver(agreedMs, allowance) }));

  // "100 % or less" is reached before anything happens.
  for (const { index } of pending.filter(({ least }) => least <= 0n)) found[index] = earliest(open);
  pending = pending.filter(({ least }) => least > 0n);

  let down = 0n;
  for (const { start, end, weightBp } of stepsWithin(steps, open)) {
    if (pending.length === 0) break;
    const weight = BigInt(weightBp);
    const after = down + BigInt(end - start) * weight;
    for (const { index, least } of pending.filter(({ least }) => least <= after))
      found[index] = start + Number(ceilDiv(least - down, weight));
    pending = pending.filter(({ least }) => least > after);
    down = after;
  }
  return found;
};

const earliest = (open: readonly Interval[]): Instant =>
  open.reduce((first, { start }) => Math.min(first, start), Infinity);
