import { textOf } from '@underpin/kernel/money/money';
import type { Rate } from '@underpin/kernel/money/proration';
import { plus, ratio, times, ZERO, type Ratio } from '@underpin/kernel/ratio';
import { dayOf, localDate, type EpochDay, type LocalDate } from '@underpin/kernel/time/civil';
import type { Instant } from '@underpin/kernel/time/instant';
import { dayAfter, firstDay } from '@underpin/kernel/time/period';
import { localDayAt, startOfDay } from '@underpin/kernel/time/zone';
import type { Obligation } from './obligation';
import type { Basis } from './owed';
import { microPercent, shareOf } from './share';

/** Some days of one month, quarter or year at one rate: amount × days / daysOfPeriod. */
export interface FeePart {
  /** Local days [from, to). */
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly days: number;
  readonly amount: string;
  readonly per: Rate['per'];
  /** Days of the month, quarter or year that holds them. */
  readonly daysOfPeriod: number;
  /** In minor units, exact. */
  readonly exact: Ratio;
}

/** The arithmetic of an obligation, step by step: whoever follows it comes to the same amount. */
export interface Explanation {
  readonly parts: readonly FeePart[];
  /** Sum of the parts, in minor units, exact. */
  readonly fee: Ratio;
  /** Fee × percent, in minor units, exact: what is rounded once, half to even. */
  readonly amount: Ratio;
}

/** What the amount was made from, taken apart. The parts sum to the fee that it was made from. */
export const explanationOf = ({ basis, currency, from, to, percent }: Obligation): Explanation => {
  const parts = basis === null || currency === null ? [] : feeParts(basis, currency, from, to);
  const fee = parts.reduce((sum, part) => plus(sum, part.exact), ZERO);
  return { parts, fee, amount: times(fee, shareOf(microPercent(percent))) };
};

/** A day belongs to the period that holds its first instant. */
const feeParts = ({ zone, rates }: Basis, currency: string, from: Instant, to: Instant): FeePart[] => {
  const [first, end] = [firstDayFrom(zone, from), firstDayFrom(zone, to)];
  return rates.flatMap((rate) =>
    partsOf(
      rate,
      currency,
      Math.max(first, dayOf(rate.from)),
      Math.min(end, rate.to == null ? Infinity : dayOf(rate.to)),
    ),
  );
};

const firstDayFrom = (zone: string, instant: Instant): EpochDay => {
  const day = localDayAt(zone, instant);
  return startOfDay(zone, day) === instant ? day : day + 1;
};

const partsOf = ({ amountMinor, per }: Rate, currency: string, from: EpochDay, to: EpochDay): FeePart[] => {
  const parts: FeePart[] = [];
  for (let day = from; day < to;) {
    const [start, after] = [firstDay[per](day), dayAfter[per](day)];
    const until = Math.min(to, after);
    parts.push({
      from: localDate(day),
      to: localDate(until),
      days: until - day,
      amount: textOf({ minor: amountMinor, currency }),
      per,
      daysOfPeriod: after - start,
      exact: ratio(amountMinor * BigInt(until - day), BigInt(after - start)),
    });
    day = until;
  }
  return parts;
};
