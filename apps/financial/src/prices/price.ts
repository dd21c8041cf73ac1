import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { conflict, invalid } from '@underpin/kernel/errors';
import { decimalsOf } from '@underpin/kernel/money/currency';
import { moneyOf, textOf } from '@underpin/kernel/money/money';
import { checkedRates, type Rate } from '@underpin/kernel/money/proration';
import { dayOf } from '@underpin/kernel/time/civil';
import type { Instant } from '@underpin/kernel/time/instant';
import { knownZone } from '@underpin/kernel/time/zone';
import { FIRST_DAY, LAST_DAY } from '../ledger/accounting-period';

/** What a service costs one customer, or what one supplier charges for it: the whole list, always. */
export interface Price {
  readonly service: string;
  readonly party: string;
  readonly currency: string;
  /** Whose days the rates mean. */
  readonly zone: string;
  /** By their first day, without overlaps; empty: nobody has said a price yet. */
  readonly rates: readonly Rate[];
}

export interface PriceFact {
  readonly type: 'published';
  readonly at: Instant;
}

/** A price list as it is told: amounts as decimal text. */
export interface PriceTold {
  readonly currency: string;
  readonly zone: string;
  readonly rates: readonly RateTold[];
}

export interface RateTold {
  readonly from: string;
  readonly to?: string | null;
  readonly amount: string;
  readonly per: Rate['per'];
}

/** Digits before the point that an amount may have, so that the fee of a period always fits the ledger's 15. */
const LARGEST_DIGITS = 12;

/**
 * Publishes the whole list. The same list again changes nothing.
 *
 * @param booked whether anything has been posted or invoiced by this list: then its currency stays
 * @throws DomainError invalid `price.no-rates`, `currency.unknown`, `zone.unknown`, `money.…`, `rate.…`, `rates.overlap`;
 *   conflict `price.currency-booked`
 */
export const publish = (known: Price, told: PriceTold, booked: boolean, now: Instant): Decision<Price, PriceFact> => {
  decimalsOf(told.currency);
  if (told.rates.length === 0)
    throw invalid(
      'price.no-rates',
      'a price list has at least one rate, such as { "from": "2026-01-01", "amount": "10000.00", "per": "month" }',
    );
  if (booked && told.currency !== known.currency)
    throw conflict(
      'price.currency-booked',
      `${known.service} has been booked for ${known.party} in ${known.currency}: its currency stays, publish the prices in ${known.currency}`,
    );
  const next: Price = {
    service: known.service,
    party: known.party,
    currency: told.currency,
    zone: knownZone(told.zone),
    rates: checkedRates(told.rates.map((rate) => rateOf(rate, told.currency))),
  };
  return samePrice(known, next) ? unchanged(known) : decided(next, [{ type: 'published', at: now }]);
};

const rateOf = ({ from, to = null, amount, per }: RateTold, currency: string): Rate => {
  for (const day of to === null ? [from] : [from, to])
    if (dayOf(day) < FIRST_DAY || dayOf(day) > LAST_DAY)
      throw invalid('rate.day-out-of-range', `${day} lies outside 1970-01-01 to 2200-01-01: give a day of this time`);
  const money = moneyOf(amount, currency);
  if (textOf(money).replace(/^-|\..*$/g, '').length > LARGEST_DIGITS)
    throw invalid(
      'rate.too-large',
      `${amount} ${currency} is too large: give at most ${LARGEST_DIGITS} digits before the point`,
    );
  return { from, to, amountMinor: money.minor, per };
};

const samePrice = (a: Price, b: Price): boolean => wordsOf(a) === wordsOf(b);

const wordsOf = ({ currency, zone, rates }: Price): string =>
  JSON.stringify([currency, zone, rates.map((r) => [r.from, r.to ?? null, r.amountMinor.toString(), r.per])]);

/** The rates in the words of the API and the contract. */
export const ratesText = ({
  currency,
  rates,
}: Price): { from: string; to: string | null; amount: string; per: Rate['per'] }[] =>
  rates.map(({ from, to, amountMinor, per }) => ({
    from,
    to: to ?? null,
    amount: textOf({ minor: amountMinor, currency }),
    per,
  }));
