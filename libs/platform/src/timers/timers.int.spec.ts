import { eventually } from '@underpin/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import type { Actor } from '../persistence/actor';
import { Database } from '../persistence/database';
import { migrate } from '../persistence/migrate';
import type { Tx } from '../persistence/tx';
import { UnitOfWork } from '../persistence/unit-of-work';
import { Log } from '../telemetry/logger';
import { Clock } from '../time/clock';
import { Timers } from './timers';

jest.setTimeout(60_000);

const by: Actor = { who: 'test', door: 'rest', useCase: 'test', correlationId: 'test' };
const NOON = Date.UTC(2026, 9, 13, 12);

class SetClock extends Clock {
  at = NOON;
  now = (): number => this.at;
}

describe('Due times', () => {
  let db: FreshDatabase;
  const clock = new SetClock();
  const opened: { timers: Timers; database: Database }[] = [];

  beforeAll(async () => {
    db = await freshDatabase({
      migrate: async (ownerUrl, appRole) => void (await migrate({ ownerUrl, appRole, migrations: [] })),
    });
    await db.query('create table fired (key text not null, by text not null)');
    await db.query(`grant select, insert on fired to ${db.appRole}`);
  });
  afterEach(async () => {
    for (const { timers, database } of opened.splice(0)) {
      await timers.stop();
      await database.close();
    }
    await db.query('delete from fired');
    await db.query('delete from timer');
    clock.at = NOON;
  });
  afterAll(() => db.drop());

  /** One replica: notes what it fires, in the transaction that takes the due time away. */
  const replica = async (name: string, fire?: (tx: Tx, key: string) => Promise<void>) => {
    const database = new Database({ url: db.appUrl, applicationName: name, poolSize: 2 });
    await database.open();
    const work = new UnitOfWork(database, clock, '/underpin/test');
    const handler = {
      kind: 'bell',
      fire: async (tx: Tx, key: string) => {
        await tx.query('insert into fired (key, by) values ($1, $2)', [key, name]);
        await fire?.(tx, key);
      },
    };
    const timers = new Timers(work, [handler], 'test', Log.of('test', 'silent'));
    timers.start();
    opened.push({ timers, database });
    return { work, timers };
  };
  const set = (work: UnitOfWork, key: string, dueAt: number | null) =>
    work.run(by, (tx) => tx.timers('bell', [{ key, dueAt }]));
  const fired = async () =>
    (await db.query<{ key: string }>('select key from fired order by key')).map((row) => row.key);

  it('fire when their time has come, and not before', async () => {
    const { work } = await replica('one');
    await set(work, 'later', NOON + 1);
    await set(work, 'now', NOON);
    await eventually(async () => expect(await fired()).toEqual(['now']));
    clock.at = NOON + 1;
    await eventually(async () => expect(await fired()).toEqual(['later', 'now']));
  });

  it('can be moved, and forgotten', async () => {
    const { work } = await replica('one');
    await set(work, 'moved', NOON + 10);
    await set(work, 'moved', NOON + 20);
    await set(work, 'forgotten', NOON + 10);
    await set(work, 'forgotten', null);
    await set(work, 'witness', NOON + 10);
    clock.at = NOON + 10;
    await eventually(async () => expect(await fired()).toEqual(['witness']));
    clock.at = NOON + 20;
    await eventually(async () => expect(await fired()).toEqual(['moved', 'witness']));
  });

  it('survive the process that set them: another fires them', async () => {
    const { work, timers } = await replica('one');
    await set(work, 'inherited', NOON + 1);
    await timers.stop();
    clock.at = NOON + 1;
    await replica('two');
    await eventually(async () =>
      expect(await db.query('select * from fired')).toEqual([{ key: 'inherited', by: 'two' }]),
    );
  });

  it('fire once, however many replicas wait for them', async () => {
    const [{ work }] = await Promise.all([replica('one'), replica('two'), replica('three')]);
    const keys = Array.from({ length: 60 }, (_, n) => `key-${String(n).padStart(2, '0')}`);
    await work.run(by, (tx) =>
      tx.timers(
        'bell',
        keys.map((key) => ({ key, dueAt: NOON })),
      ),
    );
    await eventually(async () => expect((await fired()).length).toBeGreaterThanOrEqual(keys.length));
    await eventually(async () => expect(await db.query('select 1 from timer')).toEqual([]));
    expect(await fired()).toEqual(keys);
  });

  it('do not hold each other up when one fails: it is tried again, and what it wrote is undone', async () => {
    let failures = 0;
    const { work } = await replica('one', async (_tx, key) => {
      if (key === 'bad' && failures++ < 2) throw new Error('not yet');
    });
    await set(work, 'bad', NOON - 1);
    await set(work, 'good', NOON);
    await eventually(async () => expect(await fired()).toEqual(['bad', 'good']));
    expect(failures).toBe(3);
  });
});
