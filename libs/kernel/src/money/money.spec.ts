import fc from 'fast-check';
import { DomainError } from '../errors';
import { compare, floor, larger, minus, plus, ratio, roundHalfEven, smaller, times } from '../ratio';
import { allocate } from './allocation';
import { decimalsOf } from './currency';
import { add, moneyOf, negate, rounded, subtract, sum, textOf } from './money';

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'taken';
};
const eur = (text: string) => moneyOf(text, 'EUR');

describe('an amount', () => {
  it.each([
    ['10000.00', 'EUR', 1_000_000n, '10000.00'],
    ['10000', 'EUR', 1_000_000n, '10000.00'],
    ['0.05', 'EUR', 5n, '0.05'],
    ['-0.05', 'EUR', -5n, '-0.05'],
    ['0.5', 'EUR', 50n, '0.50'],
    ['1000.0000', 'EUR', 100_000n, '1000.00'],
    ['500', 'JPY', 500n, '500'],
    ['500.0000', 'JPY', 500n, '500'],
    ['1.234', 'BHD', 1_234n, '1.234'],
    ['1.2345', 'CLF', 12_345n, '1.2345'],
    ['999999999999999.99', 'EUR', 99_999_999_999_999_999n, '999999999999999.99'],
  ])('"%s" %s is %d minor units, written %s', (text, currency, minor, written) => {
    expect(moneyOf(text, currency)).toEqual({ minor, currency });
    expect(textOf({ minor, currency })).toBe(written);
  });

  it.each([
    ['10.005', 'EUR', 'money.too-precise'],
    ['0.1', 'JPY', 'money.too-precise'],
    ['1e309', 'EUR', 'money.malformed'],
    ['NaN', 'EUR', 'money.malformed'],
    ['1,000.00', 'EUR', 'money.malformed'],
    ['10.', 'EUR', 'money.malformed'],
    ['.5', 'EUR', 'money.malformed'],
    ['+5', 'EUR', 'money.malformed'],
    ['007', 'EUR', 'money.malformed'],
    ['', 'EUR', 'money.malformed'],
    ['1000000000000000', 'EUR', 'money.malformed'],
    ['5', 'eur', 'currency.unknown'],
    ['5', 'XXX', 'currency.unknown'],
    ['5', '', 'currency.unknown'],
  ])('"%s" %s is refused: %s', (text, currency, code) => expect(codeOf(() => moneyOf(text, currency))).toBe(code));

  it.each([[5], [null], [undefined]])('%p, which is no text, is refused', (text) =>
    expect(codeOf(() => moneyOf(text as unknown as string, 'EUR'))).toBe('money.malformed'),
  );

  it('says what would be right', () => {
    expect(() => moneyOf('ten', 'JPY')).toThrow('give decimal text such as "100000"');
    expect(() => moneyOf('10.005', 'EUR')).toThrow('"10.005" is more precise than EUR, which has 2 decimals');
  });

  it.each([
    // ISO 4217, list one: minor units
    ['EUR', 2],
    ['USD', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['BHD', 3],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['MGA', 2],
    ['HUF', 2],
  ])('of %s has %i decimals', (code, decimals) => expect(decimalsOf(code)).toBe(decimals));

  it('survives being written and read', () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n - 10n ** 15n, max: 10n ** 15n - 1n }),
        fc.constantFrom('EUR', 'JPY', 'BHD', 'CLF'),
        (minor, currency) => expect(moneyOf(textOf({ minor, currency }), currency)).toEqual({ minor, currency }),
      ),
    ));

  it('adds to its like only', () => {
    expect(textOf(add(eur('0.10'), eur('0.20')))).toBe('0.30');
    expect(textOf(subtract(eur('10000.00'), eur('1000.00')))).toBe('9000.00');
    expect(textOf(sum([eur('1'), negate(eur('1.01'))], 'EUR'))).toBe('-0.01');
    expect(textOf(sum([], 'EUR'))).toBe('0.00');
    expect(codeOf(() => add(eur('1'), moneyOf('1', 'USD')))).toBe('money.currencies-differ');
    expect(codeOf(() => sum([eur('1')], 'USD'))).toBe('money.currencies-differ');
  });
});

describe('an exact ratio', () => {
  it('is kept in lowest terms with a positive denominator', () => {
    expect(ratio(6n, -4n)).toEqual({ num: -3n, den: 2n });
    expect(ratio(0n, -7n)).toEqual({ num: 0n, den: 1n });
    expect(() => ratio(1n, 0n)).toThrow(RangeError);
  });

  it('computes without loss', () => {
    expect(plus(ratio(1n, 3n), ratio(1n, 6n))).toEqual(ratio(1n, 2n));
    expect(minus(ratio(1n, 3n), ratio(1n, 2n))).toEqual(ratio(-1n, 6n));
    expect(times(ratio(2n, 3n), ratio(3n, 4n))).toEqual(ratio(1n, 2n));
    expect(compare(ratio(1n, 3n), ratio(33_333_333n, 100_000_000n))).toBe(1);
    expect(compare(ratio(1n, 3n), ratio(2n, 6n))).toBe(0);
    expect([smaller(ratio(1n, 3n), ratio(1n, 2n)), larger(ratio(1n, 3n), ratio(1n, 2n))]).toEqual([
      ratio(1n, 3n),
      ratio(1n, 2n),
    ]);
  });

  it.each([
    // IEEE 754 roundTiesToEven
    [5n, 2n, 2n, 2n],
    [7n, 2n, 4n, 3n],
    [-5n, 2n, -2n, -3n],
    [-7n, 2n, -4n, -4n],
    [1n, 2n, 0n, 0n],
    [-1n, 2n, 0n, -1n],
    [7n, 3n, 2n, 2n],
    [8n, 3n, 3n, 2n],
    [-8n, 3n, -3n, -3n],
    [2_500_001n, 1_000_000n, 3n, 2n],
    [4n, 1n, 4n, 4n],
  ])('%d/%d rounds to %d and floors to %d', (num, den, nearest, below) => {
    expect(roundHalfEven(ratio(num, den))).toBe(nearest);
    expect(floor(ratio(num, den))).toBe(below);
  });

  it('becomes payable by rounding once', () =>
    expect(textOf(rounded(times(ratio(1_000_000n), ratio(1n, 3n)), 'EUR'))).toBe('3333.33'));
});

describe('an allocation', () => {
  const parts = (text: string, currency: string, weights: bigint[]) =>
    allocate(moneyOf(text, currency), weights).map(textOf);

  // F21: dinero.js, api/__tests__/allocate.test.ts
  it('splits 10.03 in halves of 5.02 and 5.01', () =>
    expect(parts('10.03', 'USD', [50n, 50n])).toEqual(['5.02', '5.01']));
  it('splits 1.00 as 1:3 in .25 and .75', () => expect(parts('1.00', 'USD', [1n, 3n])).toEqual(['0.25', '0.75']));
  it('splits 5 minor units as 1:3 in 1 and 4', () =>
    expect(allocate({ minor: 5n, currency: 'MGA' }, [1n, 3n]).map(({ minor }) => minor)).toEqual([1n, 4n]));
  it('splits 1.000 as 50.5 to 49.5 in .505 and .495 where the currency has the decimals, else in what can be paid', () => {
    expect(parts('1.000', 'BHD', [505n, 495n])).toEqual(['0.505', '0.495']);
    expect(parts('1.00', 'USD', [505n, 495n])).toEqual(['0.51', '0.49']);
  });
  it.each([
    [[], 'allocation.no-weights'],
    [[50n, -50n], 'allocation.negative-weight'],
    [[0n, 0n], 'allocation.all-weights-zero'],
  ])('by %p is rejected: %s', (weights, code) => expect(codeOf(() => allocate(eur('1.00'), weights))).toBe(code));

  // F23: ERPNext budget.py rounds 1000/12 to 83.333, which sums to 999.996: the remainder is allocated instead
  it('splits 1000 in twelve months that sum to 1000', () => {
    const months = allocate(eur('1000.00'), Array<bigint>(12).fill(1n));
    expect(months.map(textOf)).toEqual([...Array<string>(4).fill('83.34'), ...Array<string>(8).fill('83.33')]);
    expect(textOf(sum(months, 'EUR'))).toBe('1000.00');
  });

  it('sums to the whole, and is off the exact share by less than one unit, whatever its sign', () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc
          .array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 12 })
          .filter((w) => w.some((x) => x > 0n)),
        (minor, weights) => {
          const total = weights.reduce((a, b) => a + b, 0n);
          const split = allocate({ minor, currency: 'EUR' }, weights);
          expect(sum(split, 'EUR').minor).toBe(minor);
          split.forEach((part, i) => {
            const off = part.minor * total - minor * weights[i]!;
            expect(off < total && off > -total).toBe(true);
            if (weights[i] === 0n) expect(part.minor).toBe(0n);
          });
        },
      ),
    ));
});
