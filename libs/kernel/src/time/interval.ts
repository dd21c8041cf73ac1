import { Instant } from './instant';

/** Half-open: `start` belongs to it, `end` does not. Empty when `end <= start`. `end` may be `Infinity`. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

/** Does the interval hold this instant? */
export const contains = (interval: Interval, instant: Instant): boolean =>
  interval.start <= instant && instant < interval.end;

/** The stretch that two intervals share, or null when they only touch or lie apart. */
export const overlap = (a: Interval, b: Interval): Interval | null => {
  const start = Math.max(a.start, b.start);
  const end = Math.min(a.end, b.end);
  return start < end ? { start, end } : null;
};

/*
 * Sets of instants. A set is written as a list that is ascending, without empty intervals, and with a gap between any
 * two neighbours: one set, one list. Each function returns such a list and takes any list.
 */

/** The instants that lie in any of the intervals. Touching intervals become one. */
export const union = (intervals: readonly Interval[]): Interval[] => {
  const joined: Interval[] = [];
  for (const next of intervals.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && next.start <= last.end) {
      if (next.end > last.end) joined[joined.length - 1] = { start: last.start, end: next.end };
    } else joined.push({ start: next.start, end: next.end });
  }
  return joined;
};

/** The instants that lie in both sets. */
export const intersect = (a: readonly Interval[], b: readonly Interval[]): Interval[] => {
  const [left, right] = [asSet(a), asSet(b)];
  const shared: Interval[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const both = overlap(left[i]!, right[j]!);
    if (both) shared.push(both);
    if (left[i]!.end < right[j]!.end) i++;
    else j++;
  }
  return shared;
};

/** The instants of `from` that do not lie in `removed`. */
export const subtract = (from: readonly Interval[], removed: readonly Interval[]): Interval[] =>
  intersect(from, complement(asSet(removed)));

/** The instants of the set that lie in one interval. */
export const clip = (intervals: readonly Interval[], hull: Interval): Interval[] => intersect(intervals, [hull]);

/** How many milliseconds the set holds: overlaps count once. `Infinity` for an open end. */
export const totalLength = (intervals: readonly Interval[]): number =>
  asSet(intervals).reduce((sum, { start, end }) => sum + (end - start), 0);

const complement = (set: readonly Interval[]): Interval[] => {
  const gaps: Interval[] = [];
  let start = -Infinity;
  for (const interval of set) {
    gaps.push({ start, end: interval.start });
    start = interval.end;
  }
  return [...gaps, { start, end: Infinity }];
};

/** Most lists are sets already: seeing that is cheaper than sorting again. */
const asSet = (intervals: readonly Interval[]): readonly Interval[] =>
  intervals.every(({ start, end }, i) => start < end && (i === 0 || intervals[i - 1]!.end < start))
    ? intervals
    : union(intervals);
