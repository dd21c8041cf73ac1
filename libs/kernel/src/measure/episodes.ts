import { Instant } from '../time/instant';
import { Interval } from '../time/interval';
import { ALWAYS, OutageSpan, WeightStep, weightSteps } from './weight-steps';

/** Maximal connected downtime: counted as one failure, listed, explained. `end` is `Infinity` while it lasts. */
export interface Episode extends Interval {
  /** w(t) inside the episode; a gap that was bridged has no step. */
  readonly steps: readonly WeightStep[];
  /** The outages it is made of, by their start. An outage without length or weight takes part in none. */
  readonly outageIds: readonly string[];
}

/**
 * The episodes of a set of outages. Everything is pointwise in time: a change of one outage alters episodes only inside
 * the hull of its old and new span, widened to the whole episodes that this hull touches (`touchedHull`).
 *
 * @param rejoinMs stretches that lie at most this far apart are one episode; 0: those that touch or overlap
 * @param hull only what lies inside is returned
 */
export const episodes = (outages: readonly OutageSpan[], rejoinMs = 0, hull: Interval = ALWAYS): Episode[] => {
  const members = outages
    .filter((outage) => outage.weightBp > 0 && isDuring(outage, hull))
    .sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  let next = 0;
  return grouped(weightSteps(outages, hull), rejoinMs).map((steps) => {
    const [start, end] = [steps[0]!.start, steps.at(-1)!.end];
    const outageIds: string[] = [];
    // An outage lies in one episode only, and both lists ascend.
    for (; next < members.length && members[next]!.start < end; next++) outageIds.push(members[next]!.id);
    return { start, end, steps, outageIds };
  });
};

/**
 * The interval to compute anew when outages change inside `changed`: widened to the whole episodes that it touches or
 * comes within `rejoinMs` of. Episodes outside it stay as they are.
 */
export const touchedHull = (before: readonly Interval[], changed: Interval, rejoinMs = 0): Interval => {
  const touched = before.filter((each) => each.end + rejoinMs >= changed.start && each.start <= changed.end + rejoinMs);
  return {
    start: touched.reduce((start, each) => Math.min(start, each.start), changed.start),
    end: touched.reduce((end, each) => Math.max(end, each.end), changed.end),
  };
};

const isDuring = (outage: OutageSpan, hull: Interval): boolean =>
  Math.max(outage.start, hull.start) < Math.min(outage.end ?? Infinity, hull.end);

const grouped = (steps: readonly WeightStep[], rejoinMs: number): WeightStep[][] => {
  const groups: WeightStep[][] = [];
  let end: Instant = -Infinity;
  for (const step of steps) {
    if (groups.length > 0 && step.start - end <= rejoinMs) groups.at(-1)!.push(step);
    else groups.push([step]);
    end = step.end;
  }
  return groups;
};
