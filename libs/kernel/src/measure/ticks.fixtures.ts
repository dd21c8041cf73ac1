import fc from 'fast-check';
import { contains, Interval, union } from '../time/interval';
import { FULLY_DOWN, OutageSpan } from './weight-steps';

/*
 * The measuring engine once more, slow and obvious: one tick after the other. One tick is one millisecond.
 */

export const TICKS = 48;

/** Weights from few values, so that equal ones meet. */
const weight = fc.oneof(fc.constantFrom(0, 1, 2_500, 5_000, FULLY_DOWN), fc.integer({ min: 0, max: FULLY_DOWN }));

const span = fc.record({
  start: fc.integer({ min: 0, max: TICKS - 1 }),
  length: fc.option(fc.integer({ min: 0, max: 16 }), { nil: null, freq: 6 }),
  weightBp: weight,
});

export const anyOutages = fc.array(span, { maxLength: 8 }).map((spans) =>
  spans.map(({ start, length, weightBp }, i): OutageSpan => ({
    id: `o${i}`,
    start,
    end: length === null ? null : Math.min(start + length, TICKS),
    weightBp,
  })),
);

/** Agreed time within the ticks: from none at all to round the clock. */
export const anyOpen = fc.oneof(
  fc.constant([{ start: 0, end: TICKS }]),
  fc
    .array(fc.record({ start: fc.integer({ min: 0, max: TICKS }), end: fc.integer({ min: 0, max: TICKS }) }), {
      maxLength: 4,
    })
    .map(union),
);

export const isOpen = (open: readonly Interval[], tick: number): boolean => open.some((each) => contains(each, tick));

/** w(t) at each tick. */
export const weights = (outages: readonly OutageSpan[]): number[] =>
  Array.from({ length: TICKS }, (_, tick) =>
    Math.max(
      0,
      ...outages.filter(({ start, end }) => start <= tick && tick < (end ?? Infinity)).map(({ weightBp }) => weightBp),
    ),
  );

/** D([0, t)) for every t from 0 to TICKS. */
export const accumulated = (outages: readonly OutageSpan[], open: readonly Interval[]): number[] => {
  const sums = [0];
  weights(outages).forEach((w, tick) => sums.push(sums[tick]! + (isOpen(open, tick) ? w : 0)));
  return sums;
};

/** The runs of ticks that are down, two runs being one when at most `rejoin` ticks lie between them. */
export const runs = (outages: readonly OutageSpan[], rejoin: number): Interval[] => {
  const found: Interval[] = [];
  weights(outages).forEach((w, tick) => {
    if (w === 0) return;
    const last = found.at(-1);
    if (last && tick - last.end <= rejoin) found[found.length - 1] = { start: last.start, end: tick + 1 };
    else found.push({ start: tick, end: tick + 1 });
  });
  return found;
};
