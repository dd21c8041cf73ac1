import { invalid } from '../errors';
import { plus, Ratio, ratio, ZERO } from '../ratio';
import { dayOf, EpochDay, localDate, LocalDate } from '../time/civil';
import { Interval } from '../time/interval';
import { dayAfter, firstDay } from '../time/period';
import { localDayAt, startOfDay } from '../time/zone';

/** A price in force on the local days [from, to): so much for each calendar month, quarter or year. */
export interface Rate {
  readonly from: LocalDate;
  /** The first day on which it is not in force any more; absent or null: until further notice. */
  readonly to?: LocalDate | null;
  readonly amountMinor: bigint;
  readonly per: 'month' | 'quarter' | 'year';
}

/** Local days [from, to). */
export interface DayRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The fee in exact minor units, not rounded; or the days for which nobody has said a price. */
export type Fee =
  | { readonly kind: 'priced'; readonly minor: Ratio }
  | { readonly kind: 'unpriced'; readonly days: readonly DayRange[] };

/**
 * Refuses rates that contradict each other, and returns them by their first day.
 *
 * @throws DomainError invalid `date.malformed`, `rate.ends-before-it-starts`, `rate.negative`, `rates.overlap`
 */
export const checkedRates = (rates: readonly Rate[]): Rate[] => {
  const ordered = [...rates].sort((a, b) => dayOf(a.from) - dayOf(b.from));
  ordered.forEach((rate, i) => {
    if (endOf(rate) <= dayOf(rate.from))
      throw invalid('rate.ends-before-it-starts', `the price from ${rate.from} ends on ${rate.to}: give a later day`);
    if (rate.amountMinor < 0n)
      throw invalid('rate.negative', `the price from ${rate.from} is negative: give 0 or more`);
    const before = ordered[i - 1];
    if (before && endOf(before) > dayOf(rate.from))
      throw invalid('rates.overlap', `on ${rate.from} two prices are in force: end the one from ${before.from} there`);
  });
  return ordered;
};

/**
 * The fee for a stretch of time by actual days: each local day costs the rate in force on it, divided by the days of
 * the month, quarter or year that the rate is for and that holds the day. So a full month at a monthly rate costs exactly
 * that rate, and stretches that adjoin cost together what they cost as one. A day belongs to the stretch that holds its
 * first instant.
 *
 * @param rates as `checkedRates` lets pass
 */
export const feeOf = (span: Interval, zone: string, rates: readonly Rate[]): Fee => {
  const first = firstDayFrom(span.start, zone);
  const end = Math.max(first, firstDayFrom(span.end, zone));
  let fee = ZERO;
  let next = first;
  const unpriced: DayRange[] = [];
  const skipTo = (day: EpochDay) => {
    if (day > next) unpriced.push({ from: localDate(next), to: localDate(day) });
  };
  for (const rate of checkedRates(rates)) {
    const [from, to] = [Math.max(first, dayOf(rate.from)), Math.min(end, endOf(rate))];
    if (from >= to) continue;
    skipTo(from);
    fee = plus(fee, costOf(rate, from, to));
    next = to;
  }
  skipTo(end);
  return unpriced.length > 0 ? { kind: 'unpriced', days: unpriced } : { kind: 'priced', minor: fee };
};

/** What the days [from, to) cost at one rate. A day that the zone left out is paid too: a month stays whole. */
const costOf = (rate: Rate, from: EpochDay, to: EpochDay): Ratio => {
  let cost = ZERO;
  for (let day = from; day < to;) {
    const [start, after] = [firstDay[rate.per](day), dayAfter[rate.per](day)];
    const until = Math.min(to, after);
    cost = plus(cost, ratio(rate.amountMinor * BigInt(until - day), BigInt(after - start)));
    day = until;
  }
  return cost;
};

const firstDayFrom = (instant: number, zone: string): EpochDay => {
  const day = localDayAt(zone, instant);
  return startOfDay(zone, day) === instant ? day : day + 1;
};

const endOf = (rate: Rate): number => (rate.to ? dayOf(rate.to) : Infinity);
