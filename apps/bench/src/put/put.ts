import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@underpin/testing/eventually';
import type { FreshDatabase } from '@underpin/testing/postgres';
import { shown } from '../arithmetic';
import { busDatabase, postgresBus } from '../bus-database';
import { compared, type Part, type Terms } from '../finding';
import { databaseOf, keys, processorMs, serve, serverMs, type Keys, type Serving } from '../processes';
import { moment, profileIn, summaryOf } from '../profile';
import { tell } from './load';
import { proveSameRows } from './same-rows';

/** One of the programs that are compared. */
interface Side {
  readonly name: string;
  readonly url: string;
  readonly authorization: string;
  readonly pid: number;
  readonly database: FreshDatabase;
  readonly rates: number[];
  readonly nodeMs: number[];
  readonly serverMs: number[];
  readonly p50: number[];
  readonly p99: number[];
}

const side = (
  name: string,
  serving: Serving,
  route: string,
  { authorization }: Keys,
  database: FreshDatabase,
): Side => ({
  ...{ name, url: `${serving.url}${route}`, authorization, pid: serving.pid, database },
  ...{ rates: [], nodeMs: [], serverMs: [], p50: [], p99: [] },
});

/** `PUT /outages` against the same rows written by hand, one program after the other, again and again. */
export const put = async ({ isShort, why, say }: Terms): Promise<Part> => {
  const rounds = isShort ? 3 : 9;
  const seconds = isShort ? 2 : 5;
  const caller = keys();
  const door = await availability(caller, { UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: '127.0.0.1:9' });
  const whole = await availability(caller, postgresBus(await busDatabase()));
  const bare = await bareIntake();
  const sides = {
    door: side('the door, its relay waiting for a bus that is away', door.serving, '/outages', caller, door.database),
    whole: side(
      'the service at work: relay to the Postgres log, recounts',
      whole.serving,
      '/outages',
      caller,
      whole.database,
    ),
    four: side('bare, four round trips', bare.serving, '/four', caller, bare.database),
    one: side('bare, one statement', bare.serving, '/one', caller, bare.database),
  };
  await proveSameRows(sides.door, sides.four, sides.one);
  say('the same rows: proven');

  for (const each of Object.values(sides)) await tell(each.url, each.authorization, isShort ? 1 : 5);
  for (let round = 1; round <= rounds; round++) {
    for (const each of Object.values(sides)) {
      await untilQuiet(whole.database);
      await measure(each, seconds);
    }
    say(
      `round ${round}: ${Object.values(sides)
        .map((each) => shown(each.rates.at(-1) as number))
        .join(', ')} requests/s`,
    );
  }
  for (const { serving } of [door, whole, bare]) await serving.stop();

  const unit = 'requests/s';
  const toFour = { floor: sides.four.rates, floorIs: 'bare Fastify + pg in four round trips', unit };
  return {
    name: 'put',
    title: 'PUT /outages',
    how: HOW,
    findings: [
      compared({ what: 'the door', ours: sides.door.rates, ...toFour, aim: { atLeast: 1 } }),
      compared({
        what: 'the door',
        unit,
        ours: sides.door.rates,
        floor: sides.one.rates,
        floorIs: 'the same in one statement',
      }),
      compared({ what: 'the service at work', ours: sides.whole.rates, ...toFour }),
    ],
    where: [...Object.values(sides).map(costOf), ...(why ? await profiles(caller, isShort) : [])],
  };
};

const HOW = [
  '16 connections tell about new outages, as a monitoring system would, with external ids of their own. Each program has a database of its own on one',
  'PostgreSQL that keeps what it has answered (fsync). "The door": the availability service as it is, with keys, validation, audit; its bus is away, so that',
  'the outbox keeps its rows as the floor’s does (they are compared column by column before anything is measured). "The service at work": the same with the',
  'Postgres log as its bus on the same server, so that within the same seconds each event is published too, read, deleted, and the service recounted.',
];

const availability = async (caller: Keys, bus: Record<string, string>, nodeFlags: readonly string[] = []) => {
  const database = await databaseOf('availability');
  // A service that the catalogue has told of: what is not known would be asked for again and again.
  await database.query(
    `insert into heard_service (key, version, data) values ('payroll', 1, '{"id": "payroll", "liveSince": "2026-01-01T00:00:00.000Z"}')`,
  );
  const env = { UNDERPIN_DATABASE_URL: database.appUrl, UNDERPIN_API_KEYS_FILE: caller.file, ...bus };
  return {
    database,
    serving: await serve({ script: 'apps/availability/dist/main.js', env, ready: '/health/live', nodeFlags }),
  };
};

const bareIntake = async (nodeFlags: readonly string[] = []) => {
  const database = await databaseOf('availability');
  const env = { UNDERPIN_DATABASE_URL: database.appUrl };
  return {
    database,
    serving: await serve({ script: 'apps/bench/dist/put/bare-intake.js', env, ready: '/ready', nodeFlags }),
  };
};

/** What was left to do must not disturb who is measured next. */
const untilQuiet = (database: FreshDatabase): Promise<void> =>
  eventually(
    async () => {
      const [row] = await database.query<{ left: string }>(
        'select (select count(*) from outbox) + (select count(*) from pending_recount) as left',
      );
      if (row?.left !== '0') throw new Error(`${row?.left} rows of outbox and recounts are left`);
    },
    { withinMs: 120_000 },
  );

const measure = async (each: Side, seconds: number): Promise<void> => {
  const [backend] = await each.database.query<{ pid: number }>('select pg_backend_pid() as pid');
  const before = { node: processorMs(each.pid), server: serverMs(backend?.pid ?? 0) };
  const load = await tell(each.url, each.authorization, seconds);
  each.rates.push(load.perSecond);
  each.p50.push(load.p50);
  each.p99.push(load.p99);
  each.nodeMs.push((processorMs(each.pid) - before.node) / load.requests);
  each.serverMs.push((serverMs(backend?.pid ?? 0) - before.server) / load.requests);
};

const costOf = ({ name, nodeMs, serverMs: server, p50, p99 }: Side): string => {
  const middle = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
  return `${name}: ${middle(nodeMs).toFixed(3)} ms of Node and ${middle(server).toFixed(3)} ms of PostgreSQL a request; answered in ${middle(p50)} ms (p50), ${middle(p99)} ms (p99)`;
};

/** The same load once more with Node's own profiler. */
const profiles = async (caller: Keys, isShort: boolean): Promise<string[]> => {
  const lines: string[] = [];
  const away = { UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: '127.0.0.1:9' };
  const programs = [
    { name: 'the door', route: '/outages', start: (flags: readonly string[]) => availability(caller, away, flags) },
    { name: 'bare, four round trips', route: '/four', start: bareIntake },
  ];
  for (const { name, route, start } of programs) {
    const folder = mkdtempSync(path.join(tmpdir(), 'underpin-profile-'));
    const { serving } = await start(['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    await tell(`${serving.url}${route}`, caller.authorization, isShort ? 4 : 10);
    const since = moment();
    await tell(`${serving.url}${route}`, caller.authorization, isShort ? 4 : 15);
    await serving.stop();
    lines.push('', `${name}, with a profiler:`, ...summaryOf(profileIn(folder), since));
  }
  return lines;
};
