import { eventually } from '@underpin/testing/eventually';
import { RecordRefused, type Bus, type BusRecord } from './bus';
import { OutboxRelay } from './outbox-relay';
import { OutboxTable } from './outbox.table';
import { light, toyDatabase, type ToyDatabase } from './toy-service.fixtures';

const TOPIC = 'underpin.toy.lamps';

/** A bus that keeps what it is given, and can be made to dawdle, to fail or to refuse. */
class Notebook {
  readonly records: BusRecord[] = [];
  readonly appends: number[] = [];
  before: (records: readonly BusRecord[]) => Promise<void> | void = () => undefined;

  readonly bus = {
    append: async (_topic: string, records: readonly BusRecord[]) => {
      await this.before(records);
      this.appends.push(records.length);
      this.records.push(...records);
    },
  } as unknown as Bus;

  notes(): unknown[] {
    return this.records.map((record) => (JSON.parse(record.value) as { note: unknown }).note);
  }
}

const isGate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

describe('the relay', () => {
  let toy: ToyDatabase;
  const relays: OutboxRelay[] = [];
  beforeEach(async () => {
    toy = await toyDatabase();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await toy.close();
  });

  const relayTo = async (
    notebook: Notebook,
    reemit: (topic: string, keys: readonly string[]) => Promise<unknown> = async () => undefined,
  ) => {
    const { database, work } = await toy.open();
    const relay = new OutboxRelay(work, database, notebook.bus, reemit, toy.log);
    relays.push(relay);
    relay.start();
    return { relay, work, database };
  };
  const outboxed = async () => (await toy.fresh.query<{ n: number }>('select count(*)::int as n from outbox'))[0]?.n;
  const insert = (pos: number, note: string) =>
    toy.fresh.query('insert into outbox (pos, topic, key, headers, value) values ($1, $2, $3, $4, $5)', [
      pos,
      TOPIC,
      'hall',
      {},
      JSON.stringify({ note }),
    ]);

  it('publishes after the commit, without waiting for its next look', async () => {
    const notebook = new Notebook();
    const { work } = await relayTo(notebook);
    await light(work, TOPIC, 'hall', 'first');
    await eventually(() => expect(notebook.notes()).toEqual(['first']));
    await eventually(async () => expect(await outboxed()).toBe(0));
  });

  it('publishes what another process has committed', async () => {
    const notebook = new Notebook();
    await relayTo(notebook);
    const { work } = await toy.open();
    await light(work, TOPIC, 'hall', 'from the other');
    await eventually(() => expect(notebook.notes()).toEqual(['from the other']));
  });

  it('publishes by position, whatever the order in which the rows stand', async () => {
    for (const pos of [7, 3, 9, 1, 5]) await insert(pos, String(pos));
    const notebook = new Notebook();
    await relayTo(notebook);
    await eventually(() => expect(notebook.notes()).toEqual(['1', '3', '5', '7', '9']));
  });

  it('takes so many bytes at a time, and an event that is larger alone', async () => {
    for (const pos of [1, 2, 3, 4]) await insert(pos, 'x'.repeat(450_000));
    await insert(5, 'x'.repeat(899_000));
    const notebook = new Notebook();
    await relayTo(notebook);
    await eventually(() => expect(notebook.appends).toEqual([2, 2, 1]));
  });

  it('keeps everything while the bus is away, and then drains in order', async () => {
    const notebook = new Notebook();
    notebook.before = () => {
      throw new Error('nobody answers');
    };
    const { work, database } = await relayTo(notebook);
    for (const n of [1, 2, 3]) await light(work, TOPIC, 'hall', String(n));
    expect(await new OutboxTable(database).depth()).toEqual({ waiting: 3, refused: 0 });
    notebook.before = () => undefined;
    await eventually(() => expect(notebook.notes()).toEqual(['1', '2', '3']));
  });

  it('puts aside what the bus will never take, and publishes the rest', async () => {
    const notebook = new Notebook();
    notebook.before = (records) => {
      if (records.some((record) => record.value.includes('monstrous')))
        throw new RecordRefused('too-large', 'it is monstrous');
    };
    const { work } = await toy.open();
    for (const note of ['1', 'monstrous', '2']) await light(work, TOPIC, 'hall', note);
    await relayTo(notebook);
    await eventually(() => expect(notebook.notes()).toEqual(['1', '2']));
    await eventually(async () =>
      expect(await toy.fresh.query('select key, reason from outbox_refused')).toEqual([
        { key: 'hall', reason: 'too-large: it is monstrous' },
      ]),
    );
    await eventually(async () => expect(await outboxed()).toBe(0));
  });

  it('is the only one at work among the replicas, until it goes', async () => {
    const [first, second] = [new Notebook(), new Notebook()];
    const one = await relayTo(first);
    await light(one.work, TOPIC, 'hall', '1');
    await eventually(() => expect(first.notes()).toEqual(['1']));
    const other = await relayTo(second);
    await light(other.work, TOPIC, 'hall', '2');
    await eventually(() => expect(first.notes()).toEqual(['1', '2']));
    await one.relay.stop();
    await light(other.work, TOPIC, 'hall', '3');
    await eventually(() => expect(second.notes()).toEqual(['3']));
  });

  it('tells a subject again when an append that was paused ends behind a newer one', async () => {
    const notebook = new Notebook(); // one topic, two relays
    const gate = isGate();
    let paused = false;
    notebook.before = () => (paused ? undefined : ((paused = true), gate.opened));
    const reemitted: unknown[] = [];
    const slow = await relayTo(notebook, async (topic, keys) => reemitted.push(topic, keys));
    await light(slow.work, TOPIC, 'hall', 'old');
    await eventually(() => expect(paused).toBe(true));

    await slow.database.query(
      `select pg_terminate_backend(pid) from pg_locks
       where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    const { work } = await relayTo(notebook);
    await light(work, TOPIC, 'hall', 'new');
    await eventually(() => expect(notebook.notes()).toEqual(['old', 'new']));
    await eventually(async () => expect(await outboxed()).toBe(0));
    expect(reemitted).toEqual([]);

    gate.open();
    await eventually(() => expect(notebook.notes()).toEqual(['old', 'new', 'old']));
    await eventually(() => expect(reemitted).toEqual([TOPIC, ['hall']]));
  });
});
