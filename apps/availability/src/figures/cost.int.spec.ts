import { allowanceOf } from '@underpin/kernel/measure/allowance';
import { measureId } from '@underpin/kernel/measure/measure-id';
import { iso, MINUTE, type Instant } from '@underpin/kernel/time/instant';
import { Tx } from '@underpin/platform/persistence/tx';
import { Clock } from '@underpin/platform/time/clock';
import type { FreshDatabase } from '@underpin/testing/postgres';
import { Measuring } from '../measures/measuring';
import { OutageRecording } from '../outages/outage-recording';
import { reportOf } from '../outages/outage-report';
import { definitionOf, measuredDatabase, type MeasuredDatabase } from './measured-database.fixtures';
import { Recounting } from './recounting';

jest.setTimeout(180_000);

const NOW: Instant = Date.UTC(2026, 10, 15);
const BEGAN: Instant = Date.UTC(2026, 0, 1);

const fixedClock = new (class extends Clock {
  now = (): Instant => NOW;
})();

/** What a piece of work cost: statements sent, rows that the database read for them. */
interface Cost {
  readonly queries: number;
  readonly rows: number;
}

/** What this session has read so far: the view still holds what earlier transactions have not handed in. */
const rowsRead = async (tx: Tx): Promise<number> => {
  const [read] = await tx.query<{ rows: string }>(
    'select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as rows from pg_stat_xact_user_tables',
  );
  return Number(read?.rows);
};

describe('The cost of one more outage', () => {
  let measured: MeasuredDatabase;
  let db: FreshDatabase;
  const recording = new OutageRecording();
  const recounting = new Recounting();

  beforeAll(async () => {
    measured = await measuredDatabase(fixedClock);
    db = measured.db;
  });
  afterAll(() => measured.close());

  /** Runs in one transaction and counts: PostgreSQL itself says how many rows it has read in it. */
  const costOf = (use: (tx: Tx) => Promise<unknown>): Promise<Cost> =>
    measured.run(async (tx) => {
      const before = await rowsRead(tx);
      const sent = jest.spyOn(tx, 'query');
      await use(tx);
      const queries = sent.mock.calls.length;
      sent.mockRestore();
      return { queries, rows: (await rowsRead(tx)) - before };
    });
  /** A service that has been measured all year, with so many short outages, evenly spread. */
  const historyOf = async (service: string, count: number): Promise<void> => {
    const every = Math.floor((NOW - BEGAN) / count);
    await db.query(
      `insert into heard_service (key, version, data) values ($1, 1, jsonb_build_object('id', $1::text, 'liveSince', $2::text))`,
      [service, iso(BEGAN)],
    );
    await db.query(
      `insert into outage (source, external_id, id, beliefs, service, party, starts, ends, weight_bp, state, version, recorded_at, reason, happened_at)
       select 'history', $1 || '-' || n, gen_random_uuid(), '{}', $1, null, $2::int8 + n * $3::int8, $2::int8 + n * $3::int8 + 60, 10000, 'measurable', 1, $2, 'outage-reported', $2
       from generate_series(0, $4::int - 1) n`,
      [service, BEGAN, every, count],
    );
    const definition = definitionOf(service);
    await measured.run((tx) =>
      new Measuring().measure(tx, [
        {
          agreement: `sla-${service}`,
          effective: { start: BEGAN, end: Infinity },
          measureId: measureId(definition),
          definition,
          allowances: ['99.9', '99.5', '99'].map((percent) => allowanceOf(percent)),
        },
      ]),
    );
    while (await measured.run((tx) => recounting.turn(tx)));
    await db.query('analyze');
  };

  /** One outage of five minutes: heard, and counted. */
  const oneMore = async (
    service: string,
    externalId: string,
    start: Instant,
  ): Promise<{ heard: Cost; counted: Cost }> => {
    const report = reportOf({
      source: 'monitoring',
      externalId,
      sequence: 1,
      service,
      occurredAt: iso(start),
      restoredAt: iso(start + 5 * MINUTE),
    });
    return {
      heard: await costOf((tx) => recording.hear(tx, report)),
      counted: await costOf((tx) => recounting.turn(tx)),
    };
  };

  it('is the same in a service with a hundred thousand outages as in one with a thousand', async () => {
    await historyOf('small', 1_000);
    await historyOf('large', 100_000);
    const middle = Date.UTC(2026, 5, 10, 12, 0, 0, 30_500);
    const [small, large] = [
      await oneMore('small', 'one-more-small', middle),
      await oneMore('large', 'one-more-large', middle),
    ];
    expect(large.heard).toEqual(small.heard);
    expect(large.counted.queries).toBeLessThanOrEqual(small.counted.queries * 1.2);
    expect(large.counted.rows).toBeLessThanOrEqual(small.counted.rows * 1.2);
  });

  it('is a handful of figures, for ten thousand agreements that promise the same in three ways', async () => {
    await historyOf('shared', 10);
    const id = measureId(definitionOf('shared'));
    await db.query(
      `insert into watched_allowance (measure_id, key, agreement)
       select $1, (array[$2, $3, $4])[1 + n % 3], 'sla-shared-' || n from generate_series(1, 10000) n`,
      [id, ...['99.9', '99.5', '99'].map((percent) => allowanceOf(percent).key)],
    );
    const before = await db.query('select id, version from figure where measure_id = $1', [id]);
    await oneMore('shared', 'one-more-shared', Date.UTC(2026, 10, 10));
    const after = await db.query<{ id: string; version: number; crossings: unknown[] }>(
      'select id, version, crossings from figure where measure_id = $1',
      [id],
    );
    const changed = after.filter((f) => !before.some((b) => b['id'] === f.id && b['version'] === f.version));
    expect(changed).toHaveLength(1);
    expect(changed[0]?.crossings).toHaveLength(3);
    expect(
      await db.query(
        `select count(*) as events from outbox where topic = 'underpin.availability.figures' and key = $1`,
        [changed[0]?.id],
      ),
    ).toEqual([{ events: '2' }]);
  });
});
