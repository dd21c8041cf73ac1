/**
 * An exact fraction in lowest terms, its denominator positive. What decides, and what money is made from, is never a
 * float: floats appear when a ratio is drawn, if at all.
 */
export interface Ratio {
  readonly num: bigint;
  readonly den: bigint;
}

/** @throws RangeError for a denominator of 0 */
export const ratio = (num: bigint, den: bigint = 1n): Ratio => {
  if (den === 0n) throw new RangeError('a ratio with denominator 0');
  const shared = gcd(num, den) * (den < 0n ? -1n : 1n);
  return { num: num / shared, den: den / shared };
};

export const ZERO: Ratio = { num: 0n, den: 1n };

export const plus = (a: Ratio, b: Ratio): Ratio => ratio(a.num * b.den + b.num * a.den, a.den * b.den);
export const minus = (a: Ratio, b: Ratio): Ratio => ratio(a.num * b.den - b.num * a.den, a.den * b.den);
export const times = (a: Ratio, b: Ratio): Ratio => ratio(a.num * b.num, a.den * b.den);

/** Negative when a < b, 0 when they are equal, positive when a > b. */
export const compare = (a: Ratio, b: Ratio): number => {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

export const smaller = (a: Ratio, b: Ratio): Ratio => (compare(a, b) <= 0 ? a : b);
export const larger = (a: Ratio, b: Ratio): Ratio => (compare(a, b) >= 0 ? a : b);

/** The largest integer not above the ratio: toward minus infinity, where bigint division goes toward zero. */
export const floor = ({ num, den }: Ratio): bigint => floorDiv(num, den);

/** The nearest integer; from the middle between two to the even one (IEEE 754 roundTiesToEven, "banker's rounding"). */
export const roundHalfEven = ({ num, den }: Ratio): bigint => {
  const below = floorDiv(num, den);
  const twiceTheRest = 2n * (num - below * den);
  if (twiceTheRest === den) return below % 2n === 0n ? below : below + 1n;
  return twiceTheRest < den ? below : below + 1n;
};

/** ⌊num / den⌋ for a positive denominator. */
export const floorDiv = (num: bigint, den: bigint): bigint =>
  num >= 0n || num % den === 0n ? num / den : num / den - 1n;

/** ⌈num / den⌉ for a positive denominator. */
export const ceilDiv = (num: bigint, den: bigint): bigint => -floorDiv(-num, den);

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
};
