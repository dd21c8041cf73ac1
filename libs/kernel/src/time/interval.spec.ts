import fc from 'fast-check';
import { clip, contains, intersect, Interval, overlap, subtract, totalLength, union } from './interval';

const TICKS = 40;
const anyInterval = fc.record({ start: fc.integer({ min: 0, max: TICKS }), end: fc.integer({ min: 0, max: TICKS }) });
const anyIntervals = fc.array(anyInterval, { maxLength: 8 });

/** The slow and obvious way: one tick after the other. */
const ticks = (intervals: readonly Interval[]): number[] =>
  Array.from({ length: TICKS }, (_, tick) => tick).filter((tick) => intervals.some((each) => contains(each, tick)));

const isSet = (intervals: readonly Interval[]): boolean =>
  intervals.every(({ start, end }, i) => start < end && (i === 0 || intervals[i - 1]!.end < start));

describe('sets of instants', () => {
  it('hold the ticks that a tick-by-tick reading says, and are ascending, disjoint and joined', () =>
    fc.assert(
      fc.property(anyIntervals, anyIntervals, (a, b) => {
        const inB = ticks(b);
        const expected: [Interval[], number[]][] = [
          [union([...a, ...b]), ticks([...a, ...b])],
          [intersect(a, b), ticks(a).filter((tick) => inB.includes(tick))],
          [subtract(a, b), ticks(a).filter((tick) => !inB.includes(tick))],
        ];
        for (const [set, held] of expected) {
          expect(ticks(set)).toEqual(held);
          expect(isSet(set)).toBe(true);
          expect(totalLength(set)).toBe(held.length);
        }
      }),
      { numRuns: 500 },
    ));

  it('count what overlaps once', () =>
    expect(
      totalLength([
        { start: 0, end: 10 },
        { start: 5, end: 12 },
      ]),
    ).toBe(12));

  it('are half-open: what touches is joined, and shares nothing', () => {
    const [a, b] = [
      { start: 0, end: 5 },
      { start: 5, end: 9 },
    ];
    expect(union([b, a])).toEqual([{ start: 0, end: 9 }]);
    expect(overlap(a, b)).toBeNull();
    expect(contains(a, 5)).toBe(false);
    expect(contains(b, 5)).toBe(true);
  });

  it('take an end that is not known yet', () => {
    const open = [{ start: 3, end: Infinity }];
    expect(clip(open, { start: 0, end: 10 })).toEqual([{ start: 3, end: 10 }]);
    expect(subtract(open, [{ start: 5, end: 6 }])).toEqual([
      { start: 3, end: 5 },
      { start: 6, end: Infinity },
    ]);
    expect(totalLength(open)).toBe(Infinity);
  });
});
