import { invalid } from '../errors';
import { Money } from './money';

/**
 * Splits an amount by weights so that the parts sum to the whole. Each part is cut off to the minor unit, and what is
 * left goes, one unit each, to the largest remainders (of equals the first): Hamilton's method. A negative amount
 * splits like its positive.
 *
 * @returns one part for each weight, in order; a weight of 0 gets nothing
 * @throws DomainError invalid `allocation.no-weights` | `allocation.negative-weight` | `allocation.all-weights-zero`
 */
export const allocate = (money: Money, weights: readonly bigint[]): Money[] => {
  if (weights.length === 0) throw invalid('allocation.no-weights', 'an amount is allocated to at least one part');
  const negative = weights.find((weight) => weight < 0n);
  if (negative !== undefined)
    throw invalid('allocation.negative-weight', `weight ${negative} is negative: give 0 or more`);
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) throw invalid('allocation.all-weights-zero', 'all weights are 0: at least one must be above');

  const amount = money.minor < 0n ? -money.minor : money.minor;
  const parts = weights.map((weight) => (amount * weight) / total);
  const left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  // Fewer units are left than there are parts with a remainder.
  for (const { index } of byRemainder.slice(0, Number(left))) parts[index]! += 1n;
  return parts.map((part) => ({ minor: money.minor < 0n ? -part : part, currency: money.currency }));
};
