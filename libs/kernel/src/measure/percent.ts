import { invalid, shown } from '../errors';
import { floorDiv } from '../ratio';

/** Percentages are told as decimal text and kept as integers: millionths of a percent, 0 to 100,000,000. */
export type MicroPercent = number;

export const HUNDRED_PERCENT: MicroPercent = 100_000_000;

const PERCENT = /^(0|[1-9]\d{0,2})(?:\.(\d+))?$/;

/**
 * Reads a percentage above 0 and up to 100 with at most 6 decimals, exactly. `what` names it in messages ("target").
 *
 * @throws DomainError invalid `<what>.malformed` | `<what>.too-precise` | `<what>.out-of-range`
 */
export const percentOf = (text: string, what: string): MicroPercent => {
  const told = `${shown(text)} as ${what}`;
  const right = 'give a percentage above 0 and up to 100 as decimal text with at most 6 decimals, such as "99.9"';
  const match = typeof text === 'string' ? PERCENT.exec(text) : null;
  if (!match) throw invalid(`${what}.malformed`, `${told} is not a percentage: ${right}`);
  const decimals = match[2] ?? '';
  if (decimals.length > 6) throw invalid(`${what}.too-precise`, `${told} has ${decimals.length} decimals: ${right}`);
  const micro = Number(match[1]) * 1_000_000 + Number(decimals.padEnd(6, '0'));
  if (micro === 0 || micro > HUNDRED_PERCENT)
    throw invalid(`${what}.out-of-range`, `${told} is out of range: ${right}`);
  return micro;
};

/**
 * A share as percent text for people, cut off after `decimals` digits: 99.951 % is "99.95", and 99.9999 % never shows
 * as "100.00". Display only: what is shown never decides.
 */
export const percentFloor = (numerator: bigint, denominator: bigint, decimals: number): string => {
  if (denominator <= 0n) throw new RangeError(`a share of ${denominator}`);
  const scaled = floorDiv(numerator * 100n * 10n ** BigInt(decimals), denominator);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return scaled < 0n ? `-${text}` : text;
};
