import fc from 'fast-check';
import type { Subject } from '@underpin/contracts/subject';
import { allowanceOf, leastOver } from '@underpin/kernel/measure/allowance';
import { measureId, type MeasureDefinition } from '@underpin/kernel/measure/measure-id';
import { HOUR, iso, MINUTE, type Instant } from '@underpin/kernel/time/instant';
import type { Heard } from '@underpin/platform/messaging/listens';
import type { Tx } from '@underpin/platform/persistence/tx';
import { Clock } from '@underpin/platform/time/clock';
import type { FreshDatabase } from '@underpin/testing/postgres';
import { servicesConsumer } from '../heard/services.consumer';
import { agreementsConsumer } from '../measures/agreements.consumer';
import { Measuring } from '../measures/measuring';
import { OutageRecording } from '../outages/outage-recording';
import { reportOf, type ToldReport } from '../outages/outage-report';
import { Closing } from './closing';
import { restatementPending, type Figure } from './figure';
import { figureOf } from './figures.table';
import { definitionOf, measuredDatabase, type MeasuredDatabase } from './measured-database.fixtures';
import { Recounting } from './recounting';

const JANUARY: Instant = Date.UTC(2026, 0, 1);
const NOW: Instant = Date.UTC(2026, 2, 15);
const APRIL: Instant = Date.UTC(2026, 3, 2);

class SetClock extends Clock {
  at: Instant = NOW;
  now = (): Instant => this.at;
}

describe('Figures', () => {
  let measured: MeasuredDatabase;
  let db: FreshDatabase;
  const clock = new SetClock();
  const recording = new OutageRecording();
  const recounting = new Recounting();
  const measuring = new Measuring();
  const closing = new Closing(recounting, { offsets: async () => [] } as never, [], 'availability');
  let version = 0;

  beforeAll(async () => {
    measured = await measuredDatabase(clock);
    db = measured.db;
  });
  afterAll(() => measured.close());

  const run = <T>(use: (tx: Tx) => Promise<T>): Promise<T> => measured.run(use);
  const told = <P>(
    listener: { subject: Subject<unknown>; handle: (tx: Tx, event: Heard<unknown>) => Promise<unknown> },
    key: string,
    data: P,
  ) =>
    run((tx) =>
      listener.handle(tx, { key, version: BigInt(++version), data, time: clock.at } as unknown as Heard<unknown>),
    );
  const tellService = (id: string, liveSince: string | null = '2025-01-01T00:00:00.000Z') =>
    told(servicesConsumer(measuring), id, { id, liveSince });
  const tellAgreement = (
    id: string,
    definition: MeasureDefinition,
    keys: readonly string[],
    effective = { from: iso(JANUARY), to: null as string | null },
  ) =>
    told(agreementsConsumer(measuring), id, {
      id,
      service: definition.service,
      terms: [
        {
          effective,
          calendar: definition.calendar,
          policy: definition.policy,
          reportingPeriod: definition.reportingPeriod,
          grace: definition.grace,
          countedParty: definition.counted === 'any' ? null : definition.counted.only,
          measureId: measureId(definition),
          allowances: keys.map((percent) => allowanceOf(percent)),
        },
      ],
    });
  const tell = (report: ToldReport) => run((tx) => recording.hear(tx, reportOf(report)));
  const settle = async (): Promise<void> => {
    while (await run((tx) => recounting.turn(tx)));
  };
  const figuresFor = async (definition: MeasureDefinition): Promise<Figure[]> =>
    (await db.query('select * from figure where measure_id = $1 order by from_at', [measureId(definition)])).map(
      figureOf,
    );
  it('are opened for all elapsed periods at once, and the next one at its start', async () => {
    const definition = definitionOf('opened');
    await tellService('opened');
    await tellAgreement('sla-opened', definition, ['99.9']);
    await settle();
    expect((await figuresFor(definition)).map((f) => [f.period.label, f.historical, f.revision])).toEqual([
      ['2026-01', true, 1],
      ['2026-02', true, 1],
      ['2026-03', false, 1],
    ]);
    expect(
      await db.query(`select kind, due_at from timer where key like $1 || '%' order by due_at`, [
        measureId(definition),
      ]),
    ).toEqual([
      { kind: 'figures-open', due_at: String(Date.UTC(2026, 3, 1)) },
      { kind: 'figure-cutoff', due_at: String(Date.UTC(2026, 3, 8)) },
    ]);
  });

  it('wait for the service, whichever of service, agreement and outage is heard first', async () => {
    const definition = definitionOf('late');
    await tell({
      source: 'monitoring',
      externalId: 'late-1',
      sequence: 1,
      service: 'late',
      occurredAt: '2026-02-01T10:00:00Z',
      restoredAt: '2026-02-01T11:00:00Z',
    });
    await tellAgreement('sla-late', definition, ['99.9']);
    await settle();
    expect(await figuresFor(definition)).toEqual([]);
    await tellService('late', '2026-02-01T10:30:00.000Z');
    await settle();
    const [february] = await figuresFor(definition);
    expect([february?.from, february?.content.down]).toEqual([
      Date.UTC(2026, 1, 1, 10, 30),
      BigInt(30 * MINUTE) * 10_000n,
    ]);
  });

  it('are opened when service and agreement are heard at the same moment', async () => {
    const services = Array.from({ length: 30 }, (_, n) => `moment-${n}`);
    await Promise.all(
      services.flatMap((service) => [
        tellAgreement(`sla-${service}`, definitionOf(service), ['99.9']),
        tellService(service),
      ]),
    );
    for (const service of services) expect(await figuresFor(definitionOf(service))).toHaveLength(3);
  });

  it('say nothing new when the same is told again', async () => {
    const definition = definitionOf('again');
    await tellService('again');
    await tellAgreement('sla-again', definition, ['99.9']);
    const report: ToldReport = {
      source: 'monitoring',
      externalId: 'again-1',
      sequence: 1,
      service: 'again',
      occurredAt: '2026-02-01T10:00:00Z',
      restoredAt: '2026-02-01T11:00:00Z',
    };
    await tell(report);
    await settle();
    const before = await figuresFor(definition);
    await tell(report);
    await tell({ ...report, sequence: 2 });
    await settle();
    expect(await figuresFor(definition)).toEqual(before);
  });

  it('close once by command; what is told later changes nothing that was closed, and says so', async () => {
    const definition = definitionOf('closed');
    await tellService('closed');
    await tellAgreement('sla-closed', definition, ['99.9']);
    const report: ToldReport = {
      source: 'monitoring',
      externalId: 'closed-1',
      sequence: 1,
      service: 'closed',
      occurredAt: '2026-01-10T10:00:00Z',
      restoredAt: '2026-01-10T11:00:00Z',
    };
    await tell(report);
    const close = () => run((tx) => closing.closeHistory(tx, 'closed', Date.UTC(2026, 1, 1)));
    expect(await close()).toMatchObject({ closed: [{ revision: 2 }], alreadyClosed: 0 });
    expect(await close()).toMatchObject({ closed: [], alreadyClosed: 1 });
    await tell({ ...report, sequence: 2, restoredAt: '2026-01-10T10:30:00Z' });
    await settle();
    const [january] = await figuresFor(definition);
    expect([
      january?.status,
      january?.closed?.content.down,
      january?.content.down,
      january && restatementPending(january),
    ]).toEqual(['closed', BigInt(HOUR) * 10_000n, BigInt(30 * MINUTE) * 10_000n, true]);
    expect(await db.query('select reason from figure where id = $1', [january?.id])).toEqual([
      { reason: 'figure-restated' },
    ]);
    await tell({ ...report, sequence: 3 });
    await settle();
    const [back] = await figuresFor(definition);
    expect(back && restatementPending(back)).toBe(false);
  });

  it('are the same as counted at one go from all outages, however and in whatever order these came to be known', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(operations, { minLength: 1, maxLength: 25 }), async (sequence) => {
        const service = `any-${++round}`;
        const measures = [
          definitionOf(service, { calendar: { zone: 'Europe/Berlin', weekly: '24x7' } }),
          definitionOf(service, { reportingPeriod: 'quarter' }),
          definitionOf(service, { counted: { only: 'hoster' } }),
        ];
        await tellService(service);
        const known = new Map<string, Told>();
        for (const [index, operation] of sequence.entries()) {
          if (index === Math.floor(sequence.length / 2))
            for (const [n, m] of measures.entries()) await tellAgreement(`${service}-${n}`, m, ['99.9', '99', '100']);
          const outage = { ...known.get(operation.externalId), ...operation };
          known.set(operation.externalId, outage);
          await tell({
            source: 'monitoring',
            externalId: `${service}-${operation.externalId}`,
            sequence: index,
            service,
            party: operation.party,
            weight: operation.weightBp,
            withdrawn: operation.withdrawn,
            occurredAt: iso(operation.start),
            restoredAt: operation.end === null ? null : iso(operation.end),
          });
          if (operation.settle) await settle();
        }
        await settle();
        clock.at = APRIL;
        for (const definition of measures) await run((tx) => measuring.openNext(tx, `${measureId(definition)}|`));
        await settle();
        clock.at = NOW;
        for (const definition of measures) {
          const counted = [...known.values()].filter(
            (o) => !o.withdrawn && (definition.counted === 'any' || o.party === 'hoster'),
          );
          for (const figure of await figuresFor(definition))
            expect({ figure: figure.period.label, ...read(figure) }).toEqual({
              figure: figure.period.label,
              ...expected(figure, counted),
            });
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

interface Told {
  readonly externalId: string;
  readonly start: Instant;
  readonly end: Instant | null;
  readonly weightBp: number;
  readonly party: string | null;
  readonly withdrawn: boolean;
  readonly settle: boolean;
}

const operations: fc.Arbitrary<Told> = fc
  .record({
    externalId: fc.constantFrom('1', '2', '3', '4', '5', '6'),
    from: fc.integer({ min: -20 * 24 * 4, max: 73 * 24 * 4 - 1 }),
    length: fc.option(fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 4_000 })), { freq: 8 }),
    weightBp: fc.constantFrom(10_000, 5_000, 2_500, 0),
    party: fc.constantFrom('hoster', null),
    withdrawn: fc.constantFrom(false, false, false, true),
    settle: fc.boolean(),
  })
  .map(({ from, length, ...rest }) => {
    const start = JANUARY + from * 15 * MINUTE;
    return { ...rest, start, end: length === null ? null : Math.min(start + length * 15 * MINUTE, NOW) };
  });

const read = ({ content }: Figure) => ({
  projected: content.projected,
  outages: content.outages,
  episodes: content.episodes,
  longestMs: content.longestMs,
  crossings: Object.fromEntries(content.crossings.map((c) => [c.allowance, c.at])),
});

/** Slow and obvious: cut time at every boundary, take the largest weight in each piece, add up. */
const expected = ({ from, to, agreedMs }: Figure, outages: readonly Told[]) => {
  const ends = outages.map((o) => ({ ...o, stop: o.end ?? Infinity })).filter((o) => o.weightBp > 0);
  const bounds = [...new Set([from, to, ...ends.flatMap((o) => [o.start, o.stop])])]
    .filter((t) => t >= from && t <= to)
    .sort((a, b) => a - b);
  const pieces = bounds.slice(0, -1).map((start, i) => {
    const end = bounds[i + 1] as number;
    return {
      start,
      end,
      weight: Math.max(0, ...ends.filter((o) => o.start <= start && o.stop >= end).map((o) => o.weightBp)),
    };
  });
  const projected = pieces.reduce((sum, p) => sum + BigInt(p.end - p.start) * BigInt(p.weight), 0n);
  const crossing = (percent: string): Instant | null => {
    let down = 0n;
    const least = leastOver(agreedMs, allowanceOf(percent));
    for (const p of pieces) {
      const more = BigInt(p.end - p.start) * BigInt(p.weight);
      if (p.weight > 0 && down + more >= least)
        return p.start + Number((least - down + BigInt(p.weight) - 1n) / BigInt(p.weight));
      down += more;
    }
    return null;
  };
  const down: { start: number; end: number }[] = [];
  for (const p of [...stretchesOf(ends)]) down.push(p);
  const inside = down
    .map((d) => ({ ...d, length: Math.min(d.end, to) - Math.max(d.start, from) }))
    .filter((d) => d.length > 0);
  return {
    projected,
    outages: outages.filter((o) => o.start >= from && o.start < to).length,
    episodes: inside.filter((d) => d.start >= from).length,
    longestMs: Math.max(0, ...inside.map((d) => d.length)),
    crossings: Object.fromEntries(
      ['99.9', '99', '100'].map((percent) => [allowanceOf(percent).key, crossing(percent)]),
    ),
  };
};

/** Connected stretches of downtime over all time. */
const stretchesOf = (outages: readonly { start: number; stop: number }[]): { start: number; end: number }[] => {
  const sorted = [...outages].filter((o) => o.stop > o.start).sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const { start, stop } of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, stop);
    else merged.push({ start, end: stop });
  }
  return merged;
};
