import { invalid, shown } from '../errors';
import { Ratio, roundHalfEven } from '../ratio';
import { decimalsOf } from './currency';

/** An amount in whole minor units of its currency (ISO 4217): 10.03 EUR is 1003n. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** Fifteen digits before the point: what the ledger's numeric(19,4) holds. */
const AMOUNT = /^(-?)(0|[1-9]\d{0,14})(?:\.(\d+))?$/;

/**
 * Reads a decimal amount such as "10000.00", exactly. Zeros beyond the currency's decimals say nothing and are taken.
 *
 * @throws DomainError invalid `currency.unknown`, `money.malformed`, `money.too-precise`
 */
export const moneyOf = (text: string, currency: string): Money => {
  const decimals = decimalsOf(currency);
  const match = typeof text === 'string' ? AMOUNT.exec(text) : null;
  if (!match)
    throw invalid(
      'money.malformed',
      `${shown(text)} is not an amount of ${currency}: give decimal text such as "${textOf({ minor: 100_000n, currency })}", at most 15 digits before the point`,
    );
  const [, sign, whole, fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(decimals)))
    throw invalid('money.too-precise', `"${text}" is more precise than ${currency}, which has ${decimals} decimals`);
  const minor = BigInt(whole! + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return { minor: sign === '-' ? -minor : minor, currency };
};

/** The amount as decimal text with all decimals of its currency: "10000.00", "-0.05"; "500" in JPY. */
export const textOf = ({ minor, currency }: Money): string => {
  const decimals = decimalsOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${minor < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
};

export const zero = (currency: string): Money => ({ minor: 0n, currency });

/** @throws DomainError invalid `money.currencies-differ` */
export const add = (a: Money, b: Money): Money => {
  if (a.currency !== b.currency)
    throw invalid(
      'money.currencies-differ',
      `${textOf(a)} ${a.currency} and ${textOf(b)} ${b.currency} do not add up: convert one first`,
    );
  return { minor: a.minor + b.minor, currency: a.currency };
};

export const negate = ({ minor, currency }: Money): Money => ({ minor: -minor, currency });

/** @throws DomainError invalid `money.currencies-differ` */
export const subtract = (a: Money, b: Money): Money => add(a, negate(b));

/** @throws DomainError invalid `money.currencies-differ` */
export const sum = (amounts: readonly Money[], currency: string): Money => amounts.reduce(add, zero(currency));

/** An exact amount in minor units becomes payable: rounded once, half to even. */
export const rounded = (minorUnits: Ratio, currency: string): Money => ({ minor: roundHalfEven(minorUnits), currency });
