import { invalid } from '@underpin/kernel/errors';
import { textOf } from '@underpin/kernel/money/money';
import { feeOf, type Rate } from '@underpin/kernel/money/proration';
import { roundHalfEven } from '@underpin/kernel/ratio';
import { dayOf, localDate, type EpochDay } from '@underpin/kernel/time/civil';
import { startOfDay } from '@underpin/kernel/time/zone';
import { FIRST_DAY, LAST_DAY } from '../ledger/accounting-period';
import type { Price } from '../prices/price';
import type { FeeLine, LocalDays } from './document';

const LONGEST_DAYS = 3_660;

/** @throws DomainError invalid `date.malformed`, `invoice.days-out-of-range`, `invoice.no-days`, `invoice.too-long` */
export const checkedDays = ({ from, to }: LocalDays): LocalDays => {
  const [first, end] = [dayOf(from), dayOf(to)];
  if (first < FIRST_DAY || end > LAST_DAY)
    throw invalid(
      'invoice.days-out-of-range',
      `${from} to ${to} lies outside 1970-01-01 to 2200-01-01: give days of this time`,
    );
  if (end <= first)
    throw invalid(
      'invoice.no-days',
      `from ${from} to ${to} there is no day: "to" is the first day that is not charged, later than "from"`,
    );
  if (end - first > LONGEST_DAYS)
    throw invalid('invoice.too-long', `${from} to ${to} is more than ten years: ask for at most ${LONGEST_DAYS} days`);
  return { from, to };
};

/**
 * The fee lines of a service for the days [from, to): one for each stretch of days on which a price is in force. A day without
 * a price is a day without the service, and costs nothing.
 *
 * Each amount is what the days up to its end cost, rounded, less what the days up to its start cost, rounded: so parts of a
 * month that are invoiced one by one cost to the cent what the month costs.
 */
export const feeLines = (price: Price, days: LocalDays, serviceName: string): FeeLine[] =>
  pricedStretches(price.rates, dayOf(days.from), dayOf(days.to)).map(([first, end]) => {
    const amount = costUpTo(price, end) - costUpTo(price, first);
    return {
      line: {
        kind: 'fee',
        service: price.service,
        from: startOfDay(price.zone, first),
        to: startOfDay(price.zone, end),
        text: `${serviceName}, ${localDate(first)} to ${localDate(end - 1)} (${ratesIn(price, first, end)})`,
        amount,
        cites: `price/${price.service}/${price.party}`,
      },
      charges: { service: price.service, from: localDate(first), to: localDate(end) },
    };
  });

/** The days of [first, end) on which a rate is in force, joined where one rate follows another. */
const pricedStretches = (rates: readonly Rate[], first: EpochDay, end: EpochDay): [EpochDay, EpochDay][] => {
  const stretches: [EpochDay, EpochDay][] = [];
  for (const rate of rates) {
    const [from, to] = [Math.max(first, dayOf(rate.from)), Math.min(end, rate.to == null ? Infinity : dayOf(rate.to))];
    if (from >= to) continue;
    const last = stretches.at(-1);
    if (last !== undefined && last[1] === from) last[1] = to;
    else stretches.push([from, to]);
  }
  return stretches;
};

/** All that was ever charged by this list up to a day, rounded to minor units. */
const costUpTo = ({ zone, rates }: Price, end: EpochDay): bigint => {
  let cost = 0n;
  // Stretches are rounded one by one: what lies behind a gap does not move what comes after it.
  for (const [from, to] of pricedStretches(rates, FIRST_DAY, end)) {
    const fee = feeOf({ start: startOfDay(zone, from), end: startOfDay(zone, to) }, zone, rates);
    if (fee.kind === 'priced') cost += roundHalfEven(fee.minor);
  }
  return cost;
};

const MOST_RATES_SHOWN = 3;

const ratesIn = ({ rates, currency }: Price, first: EpochDay, end: EpochDay): string => {
  const shown = rates
    .filter((rate) => dayOf(rate.from) < end && (rate.to == null || dayOf(rate.to) > first))
    .map(({ amountMinor, per }) => `${textOf({ minor: amountMinor, currency })} ${currency} a ${per}`);
  return shown.length > MOST_RATES_SHOWN ? `${shown.length} rates` : shown.join(', then ');
};
