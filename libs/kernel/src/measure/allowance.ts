import { invalid, shown } from '../errors';
import { ceilDiv, floorDiv, ratio } from '../ratio';
import { HUNDRED_PERCENT, percentOf } from './percent';
import { BpMs, FULLY_DOWN } from './weight-steps';

/** `>`: over when downtime is more than allowed, so that equality is met. `>=`: over already at equality. */
export type Bound = '>' | '>=';

/**
 * How much of the agreed time may be downtime: num/den in lowest terms, 1 − target. Integers below 2^53, so that it
 * travels as JSON; decisions are made in bigint. Equal keys are the same allowance, whatever agreements they come from.
 */
export interface Allowance {
  /** `availability:1/1000:>` */
  readonly key: string;
  readonly kind: 'availability';
  readonly num: number;
  readonly den: number;
  readonly bound: Bound;
}

/**
 * The allowance of an availability target, exact to 6 decimals of a percent: "99.9" allows 1/1000, "100" nothing.
 *
 * @throws DomainError invalid `target.malformed` | `target.too-precise` | `target.out-of-range`
 */
export const allowanceOf = (targetPercent: string, bound: Bound = '>'): Allowance =>
  allowance(BigInt(HUNDRED_PERCENT - percentOf(targetPercent, 'target')), BigInt(HUNDRED_PERCENT), bound);

/**
 * A share of an allowance: what is used up when a target comes to be at risk ("0.75": three quarters of the budget).
 *
 * @throws DomainError invalid `share.malformed` | `share.out-of-range`
 */
export const shareOf = (of: Allowance, share: string): Allowance => {
  const right = 'give a number between 0 and 1 as decimal text with at most 6 decimals, such as "0.75"';
  const match = typeof share === 'string' ? /^([01])(?:\.(\d{1,6}))?$/.exec(share) : null;
  if (!match) throw invalid('share.malformed', `${shown(share)} is not a share of a budget: ${right}`);
  const millionths = BigInt(match[1]! + (match[2] ?? '').padEnd(6, '0'));
  if (millionths <= 0n || millionths >= 1_000_000n)
    throw invalid('share.out-of-range', `"${share}" is no part of a budget: ${right}`);
  return allowance(BigInt(of.num) * millionths, BigInt(of.den) * 1_000_000n, of.bound);
};

/**
 * Reads the key that `Allowance.key` writes.
 *
 * @throws DomainError invalid `allowance.malformed`: also for a key that is not in lowest terms
 */
export const allowanceOfKey = (key: string): Allowance => {
  const match = /^availability:(0|[1-9]\d{0,15})\/([1-9]\d{0,15}):(>|>=)$/.exec(key);
  const read = match && allowance(BigInt(match[1]!), BigInt(match[2]!), match[3] as Bound);
  if (read?.key !== key || read.num > read.den)
    throw invalid(
      'allowance.malformed',
      `${shown(key)} is not an allowance: give one such as "availability:1/1000:>", in lowest terms`,
    );
  return read;
};

/**
 * The least downtime, in bp·ms, that is over the allowance of this much agreed time:
 * over ⇔ D · den > A · 10000 · num ⇔ D ≥ ⌊A · 10000 · num / den⌋ + 1, and with `>=` ⇔ D ≥ ⌈A · 10000 · num / den⌉.
 */
export const leastOver = (agreedMs: number, { num, den, bound }: Allowance): BpMs => {
  const allowed = BigInt(agreedMs) * BigInt(FULLY_DOWN) * BigInt(num);
  return bound === '>' ? floorDiv(allowed, BigInt(den)) + 1n : ceilDiv(allowed, BigInt(den));
};

/** Is this downtime over the allowance? Without agreed time nothing was measured, so nothing is over. */
export const exceeded = (downBpMs: BpMs, agreedMs: number, allowance: Allowance): boolean =>
  agreedMs > 0 && downBpMs >= leastOver(agreedMs, allowance);

/** The allowance as full downtime in ms, cut off to whole ms: for people. 99.9 % of 30 days is 2,592,000 ms. */
export const budgetMs = (agreedMs: number, { num, den }: Allowance): number =>
  Number((BigInt(agreedMs) * BigInt(num)) / BigInt(den));

/** Downtime as full downtime in ms, cut off to whole ms: for people. */
export const fullMs = (downBpMs: BpMs): number => Number(downBpMs / BigInt(FULLY_DOWN));

const allowance = (num: bigint, den: bigint, bound: Bound): Allowance => {
  const lowest = ratio(num, den);
  return {
    key: `availability:${lowest.num}/${lowest.den}:${bound}`,
    kind: 'availability',
    num: Number(lowest.num),
    den: Number(lowest.den),
    bound,
  };
};
