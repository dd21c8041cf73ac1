import { subjectVersion, toBinary } from '@underpin/contracts/envelope';
import { randomUUID } from 'node:crypto';
import type { Tx } from '../persistence/tx';
import type { BusUnderTest, OpenedBus } from './bus-port.behaviour';
import type { Batch, Bus, BusRecord } from './bus';
import { Consumer } from './consumer';
import { DeadLetters } from './dead-letters';
import { Hearing } from './hearing';
import { listens, type Heard, type Listener } from './listens';
import { OutboxRelay } from './outbox-relay';
import { heardLamps, lampsOn, toyDatabase, type LampV1, type ToyDatabase } from './toy-service.fixtures';

/** For what needs a broker to notice that a member is gone. */
export const LONG = { withinMs: 30_000 };

/** What Lamp number `id` is told to be, in this version. */
export const lamp = (
  id: string,
  version: number,
  note: string = `v${version}`,
  more: Record<string, string | undefined> = {},
): BusRecord => {
  const { key, headers, value } = toBinary({
    id: randomUUID(),
    type: 'underpin.toy.lamp-lit.v1',
    source: '/underpin/toy',
    subject: id,
    time: 1_700_000_000_000,
    correlationid: `about-${id}`,
    subjectversion: subjectVersion(0, version),
    data: { id, version, recordedAt: '2023-11-14T22:13:20.000Z', state: 'lit', note },
  });
  const all = Object.entries({ ...headers, ...more }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { key, headers: Object.fromEntries(all), value };
};

export const flicker = (id: string, sequence: number): BusRecord => {
  const data = { lamp: id, sequence };
  return toBinary({
    id: randomUUID(),
    type: 'underpin.intake.flicker-seen.v1',
    source: '/somewhere',
    subject: id,
    time: 1_700_000_000_000,
    data,
  });
};

export const noteApplied = (tx: Tx, { topic, key, version, correlationId }: Heard<unknown>) =>
  tx.query('insert into applied (topic, key, version, correlation_id) values ($1, $2, $3::int8, $4)', [
    topic,
    key,
    version.toString(),
    correlationId,
  ]);

/** Lets batches through to a member only when it is told to, and never tells it that it has lost a partition: a process that hangs. */
export const hangingBus = (bus: Bus, until: () => Promise<void>) => {
  const outcomes: Promise<void>[] = [];
  const hanging: Bus = {
    append: (topic, records) => bus.append(topic, records),
    offsets: (topics) => bus.offsets(topics),
    topics: () => bus.topics(),
    close: () => bus.close(),
    consume: (options) =>
      bus.consume({
        ...options,
        onBatch: (batch: Batch) => {
          const outcome = until().then(() => options.onBatch(batch, new AbortController().signal));
          outcome.catch(() => undefined);
          outcomes.push(outcome);
          return outcome;
        },
      }),
  };
  return { hanging, outcomes };
};

/** A service's runtime for each test: a database of its own, any number of processes, and this bus between them. */
export const runtimeStage = (busUnderTest: () => BusUnderTest) => {
  const opened: OpenedBus[] = [];
  const running: { stop(): Promise<void> }[] = [];
  let toy: ToyDatabase;
  beforeEach(async () => {
    toy = await toyDatabase();
  });
  afterEach(async () => {
    for (const one of opened) one.mend();
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await Promise.all(opened.splice(0).map((one) => one.bus.close()));
    await toy.close();
  });

  const open = async (): Promise<OpenedBus> => {
    const one = await busUnderTest().open();
    opened.push(one);
    return one;
  };
  const newTopic = async (shape: 'state' | 'record' = 'state', partitions = 1): Promise<string> => {
    const name = `underpin.toy.${randomUUID()}`;
    await busUnderTest().createTopic({ name, shape, partitions });
    return name;
  };
  /** What a service does with lamps: keeps a copy of the newest, and notes each time that it was news. */
  const keepsLamps = (topic: string, first: (event: Heard<LampV1>) => void = () => undefined): Listener =>
    listens(lampsOn(topic), async (tx, event) => {
      first(event);
      if (await tx.hear(heardLamps, event)) await noteApplied(tx, event);
    });
  const join = async (bus: Bus, listeners: readonly Listener[], { group = 'toy', member = 'member-1' } = {}) => {
    const { database, work } = await toy.open();
    const hearing = new Hearing(listeners, group);
    const consumer = new Consumer(work, database, bus, hearing, group, member, toy.log);
    running.push(consumer);
    consumer.start();
    return { consumer, work, letters: new DeadLetters(work, database, hearing, group) };
  };
  const relayTo = async (bus: Bus) => {
    const { database, work } = await toy.open();
    const relay = new OutboxRelay(work, database, bus, async () => undefined, toy.log);
    running.push(relay);
    relay.start();
    return { work, database };
  };
  const applied = async () =>
    (await toy.fresh.query<{ key: string; version: string }>('select key, version from applied order by n')).map(
      (r) => `${r.key}@${r.version}`,
    );
  const copies = () =>
    toy.fresh.query<{ key: string; version: string; note: string }>(
      `select key, version, data->>'note' as note from heard_lamp order by key`,
    );
  const position = async (topic: string) =>
    (
      await toy.fresh.query<{ next: string }>('select next from position where topic = $1 order by partition', [topic])
    ).map((r) => BigInt(r.next));
  const letters = (topic: string) =>
    toy.fresh.query<{ reason: string; attempts: number; status: string; superseded_by: string | null }>(
      'select reason, attempts, status, superseded_by from dead_letter where topic = $1 order by "offset"',
      [topic],
    );
  const query: ToyDatabase['fresh']['query'] = (sql, params) => toy.fresh.query(sql, params);
  const forget: BusUnderTest['forget'] = (at, before) => busUnderTest().forget(at, before);

  return { open, newTopic, keepsLamps, join, relayTo, applied, copies, position, letters, query, forget };
};

export type RuntimeStage = ReturnType<typeof runtimeStage>;
