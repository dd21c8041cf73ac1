import { iso } from '@underpin/kernel/time/instant';
import { Client } from 'pg';
import { shown } from '../arithmetic';
import { compared, reported, type Part, type Terms } from '../finding';
import { keys, type Keys } from '../processes';
import { externalIdOf, lengthOf, load, proveEqual, SERVICE, SOURCE, stepOf, type HistoryShape } from './loading';
import { counted, measuredService, type MeasuredService } from './measured-service';

const SMALL = 1_000;
const [FROM, TO] = [Date.UTC(2016, 0, 1), Date.UTC(2026, 0, 1)];

const historyOf = (outages: number): HistoryShape => ({ outages, from: FROM, to: TO });

/** One more outage among very many, and among few. */
export const history = async ({ isShort, say }: Terms): Promise<Part> => {
  const caller = keys();
  const many = isShort ? 50_000 : 1_000_000;
  const samples = isShort ? 40 : 300;
  const rows = await proveLoading(caller);
  say(
    `${SMALL} outages loaded by SQL and ${SMALL} told through the door left the same ${rows.toLocaleString('en')} rows`,
  );

  const few = await Growing.open(caller, historyOf(SMALL));
  const started = performance.now();
  const much = await Growing.open(caller, historyOf(many));
  say(`${many.toLocaleString('en')} outages loaded in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  const fractions = Array.from({ length: samples + WARM_UP }, (_, number) => ((number * 0.618_034) % 1) * 0.98 + 0.01);
  for (const fraction of fractions.slice(0, WARM_UP)) for (const side of [few, much]) await side.one(fraction);
  const [before, beforeMuch] = [await few.read(), await much.read()];
  const times = { few: [] as number[], much: [] as number[] };
  for (const fraction of fractions.slice(WARM_UP)) {
    times.few.push(await few.one(fraction));
    times.much.push(await much.one(fraction));
  }
  const where = [
    workOf(SMALL, before, await few.read(), samples),
    workOf(many, beforeMuch, await much.read(), samples),
  ];
  for (const side of [few, much]) await side.close();
  return {
    name: 'history',
    title: 'One more outage in a long history',
    how: [
      'Ten years of one service with a monthly agreement, loaded by SQL; a history told through the batch door is compared with a loaded one row by row first. Then one more outage,',
      'in a gap of some month, is told to each in turn: from the request to the figure of that month counted anew and committed.',
    ],
    findings: [
      compared({
        what: `one more among ${many.toLocaleString('en')}`,
        unit: 'ms',
        ours: times.much,
        floor: times.few,
        floorIs: `one more among ${SMALL.toLocaleString('en')}`,
        aim: { atMost: 1.2 },
      }),
      reported('told, counted and committed', 'ms', times.much),
    ],
    where,
  };
};

const WARM_UP = 30;

/** The same small history told through the door, and loaded. Gives how many rows were compared. */
const proveLoading = async (caller: Keys): Promise<number> => {
  const shape = historyOf(SMALL);
  const told = await measuredService(caller, shape);
  for (let first = 0; first < SMALL; first += 200) {
    const reports = Array.from({ length: 200 }, (_, index) =>
      reportOf(shape, externalIdOf(first + index), FROM + (first + index) * stepOf(shape)),
    );
    await send(`${told.url}/outages/batch`, 'POST', caller, {
      reports: reports.map((report) => ({ source: SOURCE, ...report })),
    });
  }
  await counted(told.database);
  await told.stop();
  const loaded = await measuredService(caller, shape);
  await loaded.stop();
  await load(loaded.database, shape);
  return proveEqual(told.database, loaded.database);
};

const reportOf = (shape: HistoryShape, externalId: string, start: number): object => ({
  externalId,
  sequence: 1,
  service: SERVICE,
  occurredAt: iso(start),
  restoredAt: iso(start + lengthOf(shape)),
});

const send = async (url: string, method: string, { authorization }: Keys, body: object): Promise<void> => {
  const answer = await fetch(url, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok || /"status":[45]\d\d/.test(text))
    throw new Error(`${method} ${url} was answered ${answer.status}: ${text.slice(0, 500)}`);
};

/** What a database has done so far. */
interface Work {
  readonly rows: number;
  readonly blocks: number;
  readonly misses: number;
  readonly log: number;
}

/** A loaded history that outages are added to. */
class Growing {
  private told = 0;

  private constructor(
    private readonly caller: Keys,
    private readonly shape: HistoryShape,
    private readonly service: MeasuredService,
    private readonly client: Client,
  ) {}

  static async open(caller: Keys, shape: HistoryShape): Promise<Growing> {
    const service = await measuredService(caller, shape);
    await load(service.database, shape);
    const client = new Client({ connectionString: service.database.ownerUrl });
    await client.connect();
    return new Growing(caller, shape, service, client);
  }

  /** Tells one more, in the gap behind the outage at this part of the history. Gives ms from the request until it is in the figure. */
  async one(fraction: number): Promise<number> {
    const step = stepOf(this.shape);
    const start = FROM + Math.floor(fraction * this.shape.outages) * step + Math.floor(step / 2) + this.told;
    const before = await this.revisionAt(start);
    const { externalId, ...report } = reportOf(this.shape, `NEW-${++this.told}`, start) as { externalId: string };
    const began = performance.now();
    await send(`${this.service.url}/outages/${SOURCE}/${externalId}`, 'PUT', this.caller, report);
    while ((await this.revisionAt(start)) === before)
      if (performance.now() - began > 30_000) throw new Error(`${externalId} was not counted within 30 s`);
    return performance.now() - began;
  }

  async read(): Promise<Work> {
    await this.client.query('select pg_stat_force_next_flush()');
    const { rows } = await this.client.query<Record<keyof Work, string>>(
      `select tup_fetched + tup_inserted + tup_updated + tup_deleted as rows, blks_hit + blks_read as blocks, blks_read as misses,
       pg_current_wal_insert_lsn() - '0/0' as log from pg_stat_database where datname = current_database()`,
    );
    const [row] = rows;
    return { rows: Number(row?.rows), blocks: Number(row?.blocks), misses: Number(row?.misses), log: Number(row?.log) };
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.service.stop();
    await this.service.database.drop();
  }

  private async revisionAt(instant: number): Promise<number> {
    const { rows } = await this.client.query<{ revision: number }>({
      name: 'revision',
      text: 'select revision from figure where from_at <= $1 and to_at > $1',
      values: [instant],
    });
    return rows[0]?.revision ?? 0;
  }
}

/** The server's log is of both; what was read and written is of one database, and the looking is in it. */
const workOf = (outages: number, before: Work, after: Work, samples: number): string =>
  `among ${outages.toLocaleString('en')}: ${shown((after.misses - before.misses) / samples)} blocks from outside of shared buffers for each outage; WAL of both together ${shown((after.log - before.log) / samples / 1_024)} KiB`;
