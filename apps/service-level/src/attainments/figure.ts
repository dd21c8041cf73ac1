import { FULLY_DOWN, type BpMs } from '@underpin/kernel/measure/weight-steps';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Period } from '@underpin/kernel/time/period';
import type { Effective } from '../agreements/term';

/** A figure of Availability, as far as judging it needs. */
export interface Figure {
  /** `<measure>/<from>/<to>` */
  readonly id: string;
  readonly revision: number;
  readonly measureId: string;
  readonly service: string;
  readonly period: Period;
  /** The period, clipped to the term and to the life of the service: [from, to). */
  readonly from: Instant;
  readonly to: Instant;
  readonly agreedMs: number;
  /** Until now; once closed, that of the closed revision. */
  readonly downBpMs: BpMs;
  /** By key of allowance, when it is used up; null: not in this period. What is not in it is not watched yet. */
  readonly crossings: ReadonlyMap<string, Instant | null>;
  readonly status: 'open' | 'closed';
  /** Closed, and what is known since then says something else. */
  readonly restatementPending: boolean;
}

/** Whether a figure is that of a term: agreements of different dates share a measure, and its figures are clipped to each. */
export const isFigureOf = ({ period, from, to }: Figure, effective: Effective, liveSince: Instant): boolean =>
  from === Math.max(period.from, effective.from, liveSince) && to === Math.min(period.to, effective.to ?? Infinity);

/** Available share of the agreed time, in bp·ms: two integers, divided only for show. null without agreed time. */
export const achievedOf = (agreedMs: number, down: BpMs): { readonly num: bigint; readonly den: bigint } | null => {
  const den = BigInt(agreedMs) * BigInt(FULLY_DOWN);
  return den === 0n ? null : { num: den - down, den };
};
