import fc from 'fast-check';
import { totalLength } from '../time/interval';
import { Allowance, allowanceOfKey, exceeded } from './allowance';
import { crossings } from './crossing';
import { downBpMs, downMs, downtimeByEpisode, longest } from './downtime';
import { episodes, touchedHull } from './episodes';
import { accumulated, anyOpen, anyOutages, isOpen, runs, TICKS, weights } from './ticks.fixtures';
import { OutageSpan, WeightStep, weightSteps } from './weight-steps';

const WINDOW = { start: 0, end: TICKS };

const at = (steps: readonly WeightStep[], tick: number): number =>
  steps.find(({ start, end }) => start <= tick && tick < end)?.weightBp ?? 0;

const anyAllowance: fc.Arbitrary<Allowance> = fc
  .record({
    num: fc.integer({ min: 0, max: 12 }),
    den: fc.integer({ min: 12, max: 12 }),
    bound: fc.constantFrom('>' as const, '>=' as const),
  })
  .map(({ num, den, bound }) => ({
    key: `availability:${num}/${den}:${bound}`,
    kind: 'availability',
    num,
    den,
    bound,
  }));

/** The definition, word for word: D · den > A · 10000 · num. */
const over = (down: number, agreed: number, { num, den, bound }: Allowance): boolean =>
  agreed > 0 && (bound === '>' ? down * den > agreed * 10_000 * num : down * den >= agreed * 10_000 * num);

describe('held against counting tick by tick', () => {
  it('the weight is the largest of the active outages, in steps that ascend, are apart or differ', () =>
    fc.assert(
      fc.property(anyOutages, (outages) => {
        const steps = weightSteps(outages);
        expect(Array.from({ length: TICKS }, (_, tick) => at(steps, tick))).toEqual(weights(outages));
        steps.forEach((step, i) => {
          expect(step.start < step.end && step.weightBp > 0).toBe(true);
          const before = steps[i - 1];
          if (before)
            expect(before.end < step.start || (before.end === step.start && before.weightBp !== step.weightBp)).toBe(
              true,
            );
        });
      }),
      { numRuns: 1_000 },
    ));

  it('episodes are the runs of downtime, each naming the outages that it is made of', () =>
    fc.assert(
      fc.property(anyOutages, fc.integer({ min: 0, max: 5 }), (outages, rejoin) => {
        const found = episodes(outages, rejoin, WINDOW);
        expect(found.map(({ start, end }) => ({ start, end }))).toEqual(runs(outages, rejoin));
        for (const { start, end, outageIds, steps } of found) {
          const members = outages.filter(
            (o) => o.weightBp > 0 && Math.max(o.start, start) < Math.min(o.end ?? Infinity, end),
          );
          expect([...outageIds].sort()).toEqual(members.map(({ id }) => id).sort());
          expect([steps[0]!.start, steps.at(-1)!.end]).toEqual([start, end]);
        }
      }),
      { numRuns: 1_000 },
    ));

  it('downtime is the weight summed over the agreed time, in all and by episode', () =>
    fc.assert(
      fc.property(anyOutages, anyOpen, (outages, open) => {
        const expected = accumulated(outages, open).at(-1)!;
        expect(downBpMs(weightSteps(outages), open)).toBe(BigInt(expected));
        const downTicks = weights(outages).filter((w, tick) => w > 0 && isOpen(open, tick)).length;
        expect(downMs(weightSteps(outages), open)).toBe(downTicks);

        const byEpisode = downtimeByEpisode(episodes(outages, 2), open);
        expect(byEpisode.reduce((sum, each) => sum + each.downBpMs, 0n)).toBe(BigInt(expected));
        for (const { episode, downMs: ms } of byEpisode)
          expect(ms).toBe(
            weights(outages).filter((w, t) => w > 0 && isOpen(open, t) && episode.start <= t && t < episode.end).length,
          );
        expect(longest(byEpisode)?.downMs ?? 0).toBe(Math.max(0, ...byEpisode.map((each) => each.downMs)));
      }),
      { numRuns: 1_000 },
    ));

  it('a crossing is the first t with D([start, t)) over the allowance of the whole period, and exists if the whole is over', () =>
    fc.assert(
      fc.property(anyOutages, anyOpen, fc.array(anyAllowance, { maxLength: 5 }), (outages, open, allowances) => {
        const steps = weightSteps(outages);
        const agreed = totalLength(open);
        const found = crossings(steps, open, agreed, allowances);
        const sums = accumulated(outages, open);
        const begin = Math.min(...open.map(({ start }) => start));
        allowances.forEach((allowance, i) => {
          const first = sums.findIndex((down, t) => t >= begin && over(down, agreed, allowance));
          expect(found[i]).toBe(first === -1 ? null : first);
          expect(found[i] !== null).toBe(exceeded(downBpMs(steps, open), agreed, allowance));
          expect(exceeded(BigInt(sums.at(-1)!), agreed, allowance)).toBe(over(sums.at(-1)!, agreed, allowance));
        });
      }),
      { numRuns: 2_000 },
    ));

  it('counting a touched hull anew gives the same as counting everything anew', () =>
    fc.assert(
      fc.property(
        anyOutages,
        fc.nat(),
        fc.option(anyOutages.map(([first]) => first)),
        fc.integer({ min: 0, max: 3 }),
        (outages, pick, changed, rejoin) => {
          const old = outages[pick % Math.max(outages.length, 1)];
          const now: OutageSpan | undefined = changed ? { ...changed, id: 'changed' } : undefined;
          const after = [...outages.filter((each) => each !== old), ...(now ? [now] : [])];
          const moved = [old, now].filter((each) => each !== undefined);
          if (moved.length === 0) return;

          const before = episodes(outages, rejoin);
          const hull = touchedHull(
            before,
            {
              start: Math.min(...moved.map(({ start }) => start)),
              end: Math.max(...moved.map(({ end }) => end ?? Infinity)),
            },
            rejoin,
          );
          const kept = before.filter((each) => each.end < hull.start || each.start > hull.end);
          const replaced = [...kept, ...episodes(after, rejoin, hull)].sort((a, b) => a.start - b.start);
          expect(replaced).toEqual(episodes(after, rejoin));
        },
      ),
      { numRuns: 1_000 },
    ));
});

describe('an outage', () => {
  const outage = (start: number, end: number | null, weightBp = 10_000): OutageSpan => ({
    id: `${start}`,
    start,
    end,
    weightBp,
  });

  it('without length takes part in no episode', () => expect(episodes([outage(5, 5)])).toEqual([]));

  it('without weight is no downtime', () => expect(episodes([outage(5, 9, 0)])).toEqual([]));

  it('that is open goes on for ever', () =>
    expect(episodes([outage(5, null)])).toEqual([
      { start: 5, end: Infinity, steps: [{ start: 5, end: Infinity, weightBp: 10_000 }], outageIds: ['5'] },
    ]));

  it('that touches another makes one episode with it; one millisecond between them makes two', () => {
    expect(episodes([outage(5, 9), outage(9, 12)])).toHaveLength(1);
    expect(episodes([outage(5, 9), outage(10, 12)])).toHaveLength(2);
    expect(episodes([outage(5, 9), outage(10, 12)], 1)).toHaveLength(1);
  });

  it('weighs the same however many lie over it', () => {
    const steps = weightSteps([outage(0, 10, 3_000), outage(2, 8, 3_000), outage(4, 6, 9_000)]);
    expect(steps).toEqual([
      { start: 0, end: 4, weightBp: 3_000 },
      { start: 4, end: 6, weightBp: 9_000 },
      { start: 6, end: 10, weightBp: 3_000 },
    ]);
  });

  it.each([-1, 10_001, 0.5, NaN])('cannot weigh %p basis points', (weightBp) =>
    expect(() => weightSteps([outage(0, 10, weightBp)])).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'outage.weight-out-of-range' }),
    ),
  );

  it('cannot end before it starts', () =>
    expect(() => weightSteps([outage(10, 9)])).toThrow(
      expect.objectContaining({ code: 'outage.ends-before-it-starts' }),
    ));

  it('under thousands of others is counted exactly, beyond what floats can hold', () => {
    const year = 31_536_000_000;
    const partial = [
      outage(0, year, 3_333),
      ...Array.from({ length: 5_000 }, (_, i) => outage(i * 6_000_000 + 1, i * 6_000_000 + 2)),
    ];
    expect(downBpMs(weightSteps(partial), [{ start: 0, end: year }])).toBe(BigInt(year) * 3_333n + 5_000n * 6_667n);
    expect(downBpMs([{ start: 0, end: 1_000 * year, weightBp: 9_999 }], [{ start: 0, end: 1_000 * year }])).toBe(
      315_328_464_000_000_000n,
    );
  });
});

describe('an allowance', () => {
  it('is not used up when nothing was agreed', () => {
    const nothing = allowanceOfKey('availability:0/1:>');
    expect(crossings([{ start: 0, end: 10, weightBp: 10_000 }], [], 0, [nothing])).toEqual([null]);
    expect(exceeded(1n, 0, nothing)).toBe(false);
  });

  it('of nothing is used up by the first millisecond', () =>
    expect(
      crossings([{ start: 100, end: 200, weightBp: 1 }], [{ start: 0, end: 1_000 }], 1_000, [
        allowanceOfKey('availability:0/1:>'),
      ]),
    ).toEqual([101]));

  it('may be used up in the very last millisecond: the crossing is the end of the period', () =>
    expect(
      crossings([{ start: 500, end: Infinity, weightBp: 10_000 }], [{ start: 0, end: 1_000 }], 1_000, [
        allowanceOfKey('availability:1/2:>='),
        allowanceOfKey('availability:1/2:>'),
      ]),
    ).toEqual([1_000, null]));
});
