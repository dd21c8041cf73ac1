import fc from 'fast-check';
import { allowanceOf } from '@underpin/kernel/measure/allowance';
import { crossings } from '@underpin/kernel/measure/crossing';
import { downBpMs } from '@underpin/kernel/measure/downtime';
import { weightSteps, type WeightStep } from '@underpin/kernel/measure/weight-steps';
import { locateCrossing } from './crossing-locating';
import type { StepReader } from './step-reader';

const period = { start: 1_000, end: 2_000 };
const open = [
  { start: 1_000, end: 1_400 },
  { start: 1_500, end: 2_000 },
];
const agreedMs = 900;

/** Hands out one step at a time, beginning with the one that holds the instant. */
const reading = (steps: readonly WeightStep[]): StepReader => ({
  async *forward(from) {
    for (const step of steps) if (step.end > from) yield [step];
  },
  async *backward(to) {
    for (const step of [...steps].reverse()) if (step.start < to) yield [step];
  },
});

const outages = fc.array(
  fc.record({
    id: fc.uuid(),
    start: fc.integer({ min: 900, max: 2_050 }),
    length: fc.option(fc.integer({ min: 0, max: 300 })),
    weightBp: fc.constantFrom(1, 2_500, 10_000),
  }),
  { maxLength: 12 },
);

describe('the walk to a crossing', () => {
  it('finds from any known instant what a walk from the start of the period finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        outages,
        fc.constantFrom('99.9', '99', '95', '80', '50', '1', '100'),
        fc.constantFrom('>' as const, '>=' as const),
        fc.array(fc.integer({ min: 1_000, max: 2_000 }), { maxLength: 3 }),
        async (told, target, bound, instants) => {
          const steps = weightSteps(
            told.map(({ length, ...o }) => ({ ...o, end: length === null ? null : o.start + length })),
          );
          const downUntil = (at: number) =>
            downBpMs(
              steps,
              open.map((o) => ({ start: o.start, end: Math.min(o.end, at) })).filter((o) => o.start < o.end),
            );
          const anchors = [period.start, ...instants.sort((a, b) => a - b), period.end].map((at) => ({
            at,
            down: downUntil(at),
          }));
          const allowance = allowanceOf(target, bound);

          const found = await locateCrossing(allowance, agreedMs, anchors, open, reading(steps));

          expect(found?.at ?? null).toBe(crossings(steps, open, agreedMs, [allowance])[0]);
          if (found !== null) expect(found.down).toBe(downUntil(found.at));
        },
      ),
      { numRuns: 500 },
    );
  });
});
