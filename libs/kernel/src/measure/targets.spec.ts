import fc from 'fast-check';
import { DomainError } from '../errors';
import { instantOf, iso, MINUTE } from '../time/instant';
import { CalendarDefinition, openIntervals } from '../time/calendar';
import { totalLength } from '../time/interval';
import { periodFromLabel } from '../time/period';
import { allowanceOf, allowanceOfKey, budgetMs, exceeded, fullMs, leastOver, shareOf } from './allowance';
import { crossings } from './crossing';
import { downBpMs } from './downtime';
import { percentFloor } from './percent';
import { availability } from './reliability';
import { weightSteps } from './weight-steps';

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'taken';
};

describe('an availability target', () => {
  it.each([
    ['99.9', 'availability:1/1000:>'],
    ['99.90', 'availability:1/1000:>'],
    ['99.95', 'availability:1/2000:>'],
    ['99', 'availability:1/100:>'],
    ['99.999999', 'availability:1/100000000:>'],
    ['0.000001', 'availability:99999999/100000000:>'],
    ['66.666667', 'availability:33333333/100000000:>'],
    ['100', 'availability:0/1:>'],
    ['100.000000', 'availability:0/1:>'],
  ])('of %s %% is the allowance %s', (target, key) => {
    expect(allowanceOf(target).key).toBe(key);
    expect(allowanceOfKey(key)).toEqual(allowanceOf(target));
  });

  it.each([
    ['0', 'target.out-of-range'],
    ['0.0', 'target.out-of-range'],
    ['101', 'target.out-of-range'],
    ['100.000001', 'target.out-of-range'],
    ['99.9999999', 'target.too-precise'],
    ['1e309', 'target.malformed'],
    ['NaN', 'target.malformed'],
    ['Infinity', 'target.malformed'],
    [' 99', 'target.malformed'],
    ['99 ', 'target.malformed'],
    ['99.', 'target.malformed'],
    ['.9', 'target.malformed'],
    ['099', 'target.malformed'],
    ['-99.9', 'target.malformed'],
    ['+99.9', 'target.malformed'],
    ['99,9', 'target.malformed'],
    ['99.9%', 'target.malformed'],
    ['0x10', 'target.malformed'],
    ['', 'target.malformed'],
    ['9'.repeat(1_000_000), 'target.malformed'],
  ])('of "%.20s" is refused: %s', (target, code) => expect(codeOf(() => allowanceOf(target))).toBe(code));

  it.each([[99.9], [NaN], [null], [undefined], [{}]])('of %p, which is no text, is refused', (target) =>
    expect(codeOf(() => allowanceOf(target as string))).toBe('target.malformed'),
  );

  it('is refused with the value and what would be right', () =>
    expect(() => allowanceOf('1e309')).toThrow(
      '"1e309" as target is not a percentage: give a percentage above 0 and up to 100 as decimal text with at most 6 decimals, such as "99.9"',
    ));

  it('is met at equality, and missed one basis point millisecond later', () => {
    const target = allowanceOf('99.9');
    const agreed = 1_000_000;
    expect(exceeded(10_000_000n, agreed, target)).toBe(false);
    expect(exceeded(10_000_001n, agreed, target)).toBe(true);
    expect(exceeded(10_000_000n, agreed, allowanceOf('99.9', '>='))).toBe(true);
    expect(exceeded(9_999_999n, agreed, allowanceOf('99.9', '>='))).toBe(false);
  });

  it('of 100 % is met without downtime only', () => {
    expect(exceeded(0n, 1_000, allowanceOf('100'))).toBe(false);
    expect(exceeded(1n, 1_000, allowanceOf('100'))).toBe(true);
  });

  it('can be at risk at a share of its budget', () => {
    expect(shareOf(allowanceOf('99.9'), '0.75').key).toBe('availability:3/4000:>');
    expect(shareOf(allowanceOf('99.999999'), '0.123457').key).toBe('availability:123457/100000000000000:>');
    expect(shareOf(allowanceOf('100'), '0.5').key).toBe('availability:0/1:>');
  });

  it.each(['0', '0.000', '1', '1.5', '0.', '75', '-0.5', '.5', '1e-1', '0.1234567'])(
    'cannot be at risk at "%s"',
    (share) => expect(codeOf(() => shareOf(allowanceOf('99.9'), share))).toMatch(/^share\.(malformed|out-of-range)$/),
  );

  it.each([
    'availability:2/2000:>',
    'availability:2/1:>',
    'availability:1/0:>',
    'availability:01/1000:>',
    'x',
    '',
    'mtrs:1/2:>',
  ])('is not read from the key "%s"', (key) => expect(codeOf(() => allowanceOfKey(key))).toBe('allowance.malformed'));

  it('is over from its least downtime on: the definition in whole numbers', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 31_622_400_000 }),
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.constantFrom('>' as const, '>=' as const),
        (agreed, micro, bound) => {
          const text = `${Math.floor(micro / 1_000_000)}.${String(micro % 1_000_000).padStart(6, '0')}`;
          const target = allowanceOf(text, bound);
          const definition = (down: bigint) => {
            const [left, right] = [down * 100_000_000n, BigInt(agreed) * 10_000n * BigInt(100_000_000 - micro)];
            return bound === '>' ? left > right : left >= right;
          };
          const least = leastOver(agreed, target);
          expect([definition(least), definition(least - 1n)]).toEqual([true, false]);
        },
      ),
    ));
});

describe('a percentage for people', () => {
  it.each([
    [99_951n, 100_000n, 2, '99.95'],
    [999_999n, 1_000_000n, 2, '99.99'],
    [1n, 1n, 4, '100.0000'],
    [0n, 7n, 0, '0'],
    [2n, 3n, 0, '66'],
    [1n, 2_000n, 1, '0.0'],
    [-1n, 3n, 2, '-33.34'],
    [-1n, 2n, 0, '-50'],
  ])('%d/%d with %d decimals is %s', (num, den, decimals, text) => expect(percentFloor(num, den, decimals)).toBe(text));

  it('of nothing does not exist', () => expect(() => percentFloor(1n, 0n, 2)).toThrow(RangeError));
});

/** Worked example of the money page: customer acme, service payroll, Monday to Friday 08 to 18, October 2026, Berlin. */
describe('payroll in October 2026, 99.9 % of Monday to Friday 08 to 18 in Berlin', () => {
  const OFFICE = [{ from: '08:00', to: '18:00' }];
  const calendar: CalendarDefinition = {
    zone: 'Europe/Berlin',
    weekly: { 1: OFFICE, 2: OFFICE, 3: OFFICE, 4: OFFICE, 5: OFFICE },
  };
  const { from, to } = periodFromLabel('2026-10', 'Europe/Berlin');
  const open = openIntervals(calendar, { start: from, end: to });
  const agreed = totalLength(open);
  const watch = [allowanceOf('99.9'), allowanceOf('99.0'), allowanceOf('95.0')];
  const down = (until: string | null) =>
    weightSteps([
      {
        id: 'INC-1',
        start: instantOf('2026-10-13T16:00:00+02:00'),
        end: until === null ? null : instantOf(until),
        weightBp: 10_000,
      },
    ]);
  const crossed = (until: string | null) => crossings(down(until), open, agreed, watch).map((t) => t && iso(t));

  it('allows 792 of 13,200 minutes in seconds', () => {
    expect(agreed).toBe(13_200 * MINUTE);
    expect(budgetMs(agreed, watch[0]!)).toBe(792_000);
  });

  it('down since 13 October 16:00, will cross its three bounds at these three instants', () =>
    expect(crossed(null)).toEqual([
      iso(instantOf('2026-10-13T16:13:12.001+02:00')),
      iso(instantOf('2026-10-14T08:12:00.001+02:00')),
      iso(instantOf('2026-10-14T17:00:00.001+02:00')),
    ]));

  it.each([
    ['restored at 09:00', '2026-10-14T09:00:00+02:00', 180, '98.6363', 2],
    ['corrected to 08:05', '2026-10-14T08:05:00+02:00', 125, '99.0530', 1],
  ])('%s: as many minutes, percent and bounds crossed', (_, until, minutes, percent, bounds) => {
    const total = downBpMs(down(until), open);
    expect(fullMs(total)).toBe(minutes * MINUTE);
    const achieved = availability(agreed, total)!;
    expect(percentFloor(achieved.num, achieved.den, 4)).toBe(percent);
    expect(crossed(until).filter((t) => t !== null)).toHaveLength(bounds);
  });

  it('restored a millisecond before the crossing, it does not cross', () => {
    expect(crossed('2026-10-13T16:13:12.000+02:00')).toEqual([null, null, null]);
    expect(crossed('2026-10-13T16:13:12.001+02:00')[0]).toBe(iso(instantOf('2026-10-13T16:13:12.001+02:00')));
  });
});
