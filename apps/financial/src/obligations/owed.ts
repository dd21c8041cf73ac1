import { DomainError, invalid } from '@underpin/kernel/errors';
import { rounded } from '@underpin/kernel/money/money';
import { feeOf, type DayRange, type Rate } from '@underpin/kernel/money/proration';
import { decimalsOf } from '@underpin/kernel/money/currency';
import { times, type Ratio } from '@underpin/kernel/ratio';
import { dayOf } from '@underpin/kernel/time/civil';
import { addDuration } from '@underpin/kernel/time/duration';
import type { Instant } from '@underpin/kernel/time/instant';
import { localDayAt } from '@underpin/kernel/time/zone';
import type { Price } from '../prices/price';
import { microPercent, percentText, shareOf, type MicroPercent } from './share';

/** What an attainment says, as far as money goes. */
export interface Attained {
  /** `<agreement>/<from>` */
  readonly id: string;
  readonly agreement: string;
  readonly service: string;
  /** `credit`: we owe the customer of an SLA. `claim`: the provider of a UC or OLA owes us. */
  readonly direction: 'credit' | 'claim';
  readonly party: string;
  /** Half-open: [from, to). */
  readonly from: Instant;
  readonly to: Instant;
  /** Of the agreement's calendar. */
  readonly zone: string;
  readonly term: number;
  /** What is booked cites it. Of a closed attainment: the revision that the close has fixed. */
  readonly revision: number;
  readonly closed: boolean;
  /** Percent that the tier which each target has reached gives; null: none is reached. */
  readonly targets: readonly { readonly key: string; readonly credit: string | null }[];
}

/** The remedy clause of the term by which the attainment is judged. */
export interface Clause {
  readonly combine: 'highest' | 'sum';
  /** The most that one period credits, in percent of the fee. */
  readonly cap: string | null;
  /** Of a claim: how long after the end of the period it may be filed. */
  readonly claimBy: string | null;
}

/** What the amount was made from, so that anybody can make it again. */
export interface Basis {
  /** Whose days the rates mean. */
  readonly zone: string;
  /** Those that touch the period. */
  readonly rates: readonly Rate[];
  readonly clause: Clause | null;
}

/** What is owed now, in minor units; or, as long as something is not known, what is waited for. */
export interface Owed {
  readonly waitingFor: readonly string[];
  readonly currency: string | null;
  /** Fee of the period, rounded for show; null: not known. */
  readonly fee: bigint | null;
  readonly credits: readonly { readonly key: string; readonly credit: string }[];
  /** Percent of the fee after combination and cap. */
  readonly percent: string;
  /** The cap, where it was reached and passed. */
  readonly capUsed: string | null;
  /** Rounded once, half to even. 0 while something is waited for. */
  readonly amount: bigint;
  /** Of a claim: until when it may be filed. */
  readonly deadline: Instant | null;
  readonly basis: Basis | null;
}

/** What the ledger holds before the point. */
const LARGEST_DIGITS = 15;

/**
 * What is owed for an attainment now: fee of the period × percent of the tiers reached, combined, capped, rounded once.
 * It depends on what is known alone, never on what was owed before.
 *
 * @param clause null: the term has no remedy; undefined: the term has not been heard of
 * @param price undefined: nobody has said one
 */
export const owed = (attained: Attained, clause: Clause | null | undefined, price: Price | undefined): Owed => {
  try {
    return reckoned(attained, clause, price);
  } catch (error) {
    // A clause or an amount that nobody can reckon with is a state that people see, not a reason to stand still.
    if (error instanceof DomainError)
      return { ...NOTHING, currency: price?.currency ?? null, waitingFor: [error.message] };
    throw error;
  }
};

const NOTHING: Owed = {
  waitingFor: [],
  currency: null,
  fee: null,
  credits: [],
  percent: '0',
  capUsed: null,
  amount: 0n,
  deadline: null,
  basis: null,
};

const reckoned = (attained: Attained, clause: Clause | null | undefined, price: Price | undefined): Owed => {
  const credits = clause === null ? [] : attained.targets.filter(isCredited);
  const fee =
    price === undefined ? undefined : feeOf({ start: attained.from, end: attained.to }, price.zone, price.rates);
  const exactFee = fee?.kind === 'priced' ? fee.minor : undefined;
  const known: Owed = {
    ...NOTHING,
    credits,
    currency: price?.currency ?? null,
    fee: exactFee === undefined || price === undefined ? null : ledgerAmount(exactFee, price.currency),
    basis: price === undefined ? null : basisOf(attained, price, clause ?? null),
  };
  if (credits.length === 0 || clause === null) return known;

  const waitingFor = [
    ...(clause === undefined ? [`agreement ${attained.agreement}`] : []),
    ...(fee === undefined
      ? [priceOf(attained)]
      : fee.kind === 'unpriced'
        ? fee.days.map((days) => priceOn(attained, days))
        : []),
  ];
  if (clause === undefined || exactFee === undefined || price === undefined) return { ...known, waitingFor };

  const combined = combinedCredit(credits, clause.combine);
  const cap = clause.cap === null ? combined : microPercent(clause.cap);
  const percent = combined < cap ? combined : cap;
  const amount = ledgerAmount(times(exactFee, shareOf(percent)), price.currency);
  return {
    ...known,
    percent: percentText(percent),
    capUsed: combined > cap ? clause.cap : null,
    amount,
    deadline:
      attained.direction === 'claim' && clause.claimBy !== null
        ? addDuration(attained.to, clause.claimBy, attained.zone)
        : null,
  };
};

const isCredited = (target: Attained['targets'][number]): target is { key: string; credit: string } =>
  target.credit !== null && microPercent(target.credit) > 0n;

/** `highest`: one failure is not compensated twice. */
const combinedCredit = (credits: Owed['credits'], combine: Clause['combine']): MicroPercent => {
  const shares = credits.map(({ credit }) => microPercent(credit));
  return combine === 'sum'
    ? shares.reduce((sum, share) => sum + share, 0n)
    : shares.reduce((most, share) => (share > most ? share : most), 0n);
};

const ledgerAmount = (minorUnits: Ratio, currency: string): bigint => {
  const { minor } = rounded(minorUnits, currency);
  if (minor.toString().length > LARGEST_DIGITS + decimalsOf(currency))
    throw invalid(
      'obligation.too-large',
      `an amount of at most ${LARGEST_DIGITS} digits before the point: this one has more`,
    );
  return minor;
};

export const priceOf = ({ service, party }: Pick<Attained, 'service' | 'party'>): string =>
  `price of ${service} for ${party}`;

const priceOn = (attained: Attained, { from, to }: DayRange): string => `${priceOf(attained)} from ${from} up to ${to}`;

const basisOf = ({ from, to }: Attained, { zone, rates }: Price, clause: Clause | null): Basis => {
  const [first, last] = [localDayAt(zone, from), localDayAt(zone, to)];
  return {
    zone,
    rates: rates.filter((rate) => dayOf(rate.from) <= last && (rate.to == null || dayOf(rate.to) > first)),
    clause,
  };
};
