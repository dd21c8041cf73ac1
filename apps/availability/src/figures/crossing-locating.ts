import { leastOver, type Allowance } from '@underpin/kernel/measure/allowance';
import { stepsWithin, type BpMs } from '@underpin/kernel/measure/weight-steps';
import { ceilDiv } from '@underpin/kernel/ratio';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Interval } from '@underpin/kernel/time/interval';
import type { StepReader } from './step-reader';

/** An instant of a period at which the downtime so far, D([from, at)), is known. */
export interface Anchor {
  readonly at: Instant;
  readonly down: BpMs;
}

/**
 * When an allowance is used up, found from the nearest instant whose downtime is known. A change of downtime moves a crossing
 * by as much downtime as changed, so that the walk reads a few episodes near it, not the period.
 *
 * Gives what `crossings` of the kernel gives from the period's start; null: not in this period.
 *
 * @param anchors ascending; the first is the period's start with 0, the last its end with the projected downtime
 * @param open the agreed time of the period
 */
export const locateCrossing = async (
  allowance: Allowance,
  agreedMs: number,
  anchors: readonly Anchor[],
  open: readonly Interval[],
  reader: StepReader,
): Promise<Anchor | null> => {
  const [first, last] = [anchors[0], anchors.at(-1)];
  if (first === undefined || last === undefined || agreedMs <= 0) return null;
  const least = leastOver(agreedMs, allowance);
  if (least <= 0n) return { at: open[0]?.start ?? first.at, down: 0n };
  if (last.down < least) return null;

  const after = anchors.findIndex((anchor) => anchor.down >= least);
  const [low, high] = [anchors[after - 1] as Anchor, anchors[after] as Anchor];
  return least - low.down <= high.down - least
    ? forward(least, low, open, reader)
    : backward(least, high, open, reader);
};

const forward = async (least: BpMs, from: Anchor, open: readonly Interval[], reader: StepReader): Promise<Anchor> => {
  let { down } = from;
  for await (const steps of reader.forward(from.at))
    for (const { start, end, weightBp } of stepsWithin(steps, clipped(open, { start: from.at, end: Infinity }))) {
      const weight = BigInt(weightBp);
      const next = down + BigInt(end - start) * weight;
      if (next >= least) return reachedIn({ start, down }, weight, least);
      down = next;
    }
  throw new Error(`Downtime of ${least} bp·ms lies behind the anchor at ${from.at}, but the steps end before it`);
};

const backward = async (least: BpMs, to: Anchor, open: readonly Interval[], reader: StepReader): Promise<Anchor> => {
  let { down } = to;
  for await (const steps of reader.backward(to.at))
    for (const { start, end, weightBp } of stepsWithin(
      steps,
      clipped(open, { start: -Infinity, end: to.at }),
    ).reverse()) {
      const weight = BigInt(weightBp);
      const before = down - BigInt(end - start) * weight;
      if (before < least) return reachedIn({ start, down: before }, weight, least);
      down = before;
    }
  throw new Error(`Downtime of ${least} bp·ms lies before the anchor at ${to.at}, but the steps begin after it`);
};

const reachedIn = ({ start, down }: { start: Instant; down: BpMs }, weight: BpMs, least: BpMs): Anchor => {
  const ms = ceilDiv(least - down, weight);
  return { at: start + Number(ms), down: down + ms * weight };
};

const clipped = (open: readonly Interval[], to: Interval): Interval[] =>
  open
    .map(({ start, end }) => ({ start: Math.max(start, to.start), end: Math.min(end, to.end) }))
    .filter(({ start, end }) => start < end);
