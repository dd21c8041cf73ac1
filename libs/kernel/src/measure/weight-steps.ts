import { invalid } from '../errors';
import { Instant, iso } from '../time/instant';
import { Interval, union } from '../time/interval';

/** Basis points × milliseconds: the unit of downtime. One ms fully down is 10,000 bp·ms. */
export type BpMs = bigint;

/** The weight, in basis points, of an outage that takes the whole service away. */
export const FULLY_DOWN = 10_000;

/** What measuring needs to know of an outage. */
export interface OutageSpan {
  readonly id: string;
  readonly start: Instant;
  /** null: not restored yet. It is projected to go on for ever. */
  readonly end: Instant | null;
  /** Basis points of the service that were lost, 0 to 10,000. */
  readonly weightBp: number;
}

/** A stretch over which the downtime weight is constant and above 0. `end` is `Infinity` while an outage is open. */
export interface WeightStep extends Interval {
  readonly weightBp: number;
}

export const ALWAYS: Interval = { start: -Infinity, end: Infinity };

/**
 * The downtime weight as a function of time, w(t): the *largest* weight of the outages active at t, never their sum.
 * Ascending and disjoint; stretches of weight 0 are left out; neighbours that touch differ in weight.
 *
 * @param hull only what lies inside is returned
 * @throws DomainError invalid `outage.weight-out-of-range`, `outage.ends-before-it-starts`
 */
export const weightSteps = (outages: readonly OutageSpan[], hull: Interval = ALWAYS): WeightStep[] => {
  const changes = outages.flatMap((outage) => changesWithin(outage, hull)).sort((a, b) => a.at - b.at);
  const active = new ActiveWeights();
  const steps: WeightStep[] = [];
  for (let i = 0; i < changes.length;) {
    const start = changes[i]!.at;
    for (; i < changes.length && changes[i]!.at === start; i++) active.change(changes[i]!.weightBp, changes[i]!.by);
    const end = changes[i]?.at;
    if (end === undefined || active.largest === 0) continue;
    const last = steps.at(-1);
    if (last?.end === start && last.weightBp === active.largest) steps[steps.length - 1] = { ...last, end };
    else steps.push({ start, end, weightBp: active.largest });
  }
  return steps;
};

/** w(t) restricted to a set of instants: the elementary segments from which downtime is summed. */
export const stepsWithin = (steps: readonly WeightStep[], open: readonly Interval[]): WeightStep[] => {
  const set = union(open);
  const segments: WeightStep[] = [];
  for (let i = 0, j = 0; i < steps.length && j < set.length;) {
    const [step, interval] = [steps[i]!, set[j]!];
    const start = Math.max(step.start, interval.start);
    const end = Math.min(step.end, interval.end);
    if (start < end) segments.push({ start, end, weightBp: step.weightBp });
    if (step.end < interval.end) i++;
    else j++;
  }
  return segments;
};

interface WeightChange {
  readonly at: Instant;
  readonly weightBp: number;
  readonly by: 1 | -1;
}

const changesWithin = (outage: OutageSpan, hull: Interval): WeightChange[] => {
  const { id, weightBp } = outage;
  if (!Number.isInteger(weightBp) || weightBp < 0 || weightBp > FULLY_DOWN)
    throw invalid(
      'outage.weight-out-of-range',
      `outage ${id} has weight ${weightBp}: give an integer of basis points, 0 to ${FULLY_DOWN}`,
    );
  if (outage.end !== null && outage.end < outage.start)
    throw invalid(
      'outage.ends-before-it-starts',
      `outage ${id} ends at ${iso(outage.end)}, before its start at ${iso(outage.start)}`,
    );
  const start = Math.max(outage.start, hull.start);
  const end = Math.min(outage.end ?? Infinity, hull.end);
  if (start >= end || weightBp === 0) return [];
  return [
    { at: start, weightBp, by: 1 },
    { at: end, weightBp, by: -1 },
  ];
};

/** How many outages of each weight are active. Few of the 10,000 weights are in use, so the largest is soon found. */
class ActiveWeights {
  private readonly counts = new Map<number, number>();
  largest = 0;

  change(weightBp: number, by: 1 | -1): void {
    const count = (this.counts.get(weightBp) ?? 0) + by;
    if (count > 0) this.counts.set(weightBp, count);
    else this.counts.delete(weightBp);
    if (by > 0) this.largest = Math.max(this.largest, weightBp);
    else if (count === 0 && weightBp === this.largest) this.largest = Math.max(0, ...this.counts.keys());
  }
}
