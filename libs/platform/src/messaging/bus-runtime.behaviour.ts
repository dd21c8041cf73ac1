import { subjectVersion, toBinary } from '@underpin/contracts/envelope';
import { conflict } from '@underpin/kernel/errors';
import { eventually } from '@underpin/testing/eventually';
import { randomUUID } from 'node:crypto';
import type { Tx } from '../persistence/tx';
import { record, type BusUnderTest, type OpenedBus } from './bus-port.behaviour';
import type { Batch, Bus, BusRecord } from './bus';
import { Consumer } from './consumer';
import { DeadLetters } from './dead-letters';
import { Hearing } from './hearing';
import { LARGEST_VALUE_BYTES } from './largest-value';
import { listens, type Heard, type Listener } from './listens';
import { OutboxRelay } from './outbox-relay';
import { OutboxTable } from './outbox.table';
import { actor, flickersOn, heardLamps, lampsOn, light, toyDatabase, type LampV1, type ToyDatabase } from './toy-service.fixtures';

const LONG = { withinMs: 30_000 };

/** What Lamp number `id` is told to be, in this version. */
const lamp = (id: string, version: number, note: string = `v${version}`, more: Record<string, string | undefined> = {}): BusRecord => {
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
  const all = Object.entries({ ...headers, ...more }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { key, headers: Object.fromEntries(all), value };
};

const flicker = (id: string, sequence: number): BusRecord => {
  const data = { lamp: id, sequence };
  return toBinary({ id: randomUUID(), type: 'underpin.intake.flicker-seen.v1', source: '/somewhere', subject: id, time: 1_700_000_000_000, data });
};

const noteApplied = (tx: Tx, { topic, key, version, correlationId }: Heard<unknown>) =>
  tx.query('insert into applied (topic, key, version, correlation_id) values ($1, $2, $3::int8, $4)', [topic, key, version.toString(), correlationId]);

/** Lets batches through to a member only when it is told to, and never tells it that it has lost a partition: a process that hangs. */
const hangingBus = (bus: Bus, until: Promise<void>) => {
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
          const outcome = until.then(() => options.onBatch(batch, new AbortController().signal));
          outcome.catch(() => undefined);
          outcomes.push(outcome);
          return outcome;
        },
      }),
  };
  return { hanging, outcomes };
};

/** Relay, consumer and dead letters as a service runs them, on a real database and this bus. */
export const describeRuntime = (busUnderTest: () => BusUnderTest): void => {
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
  const applied = async () => (await toy.fresh.query<{ key: string; version: string }>('select key, version from applied order by n')).map((r) => `${r.key}@${r.version}`);
  const copies = () => toy.fresh.query<{ key: string; version: string; note: string }>(`select key, version, data->>'note' as note from heard_lamp order by key`);
  const position = async (topic: string) =>
    (await toy.fresh.query<{ next: string }>('select next from position where topic = $1 order by partition', [topic])).map((r) => BigInt(r.next));
  const letters = (topic: string) =>
    toy.fresh.query<{ reason: string; attempts: number; status: string; superseded_by: string | null }>(
      'select reason, attempts, status, superseded_by from dead_letter where topic = $1 order by "offset"',
      [topic],
    );

  describe('a consumer', () => {
    it('does the work of a message and moves the position in one commit, in answer to that message', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      await bus.append(topic, [lamp('hall', 1), lamp('attic', 1)]);
      await join(bus, [keepsLamps(topic)]);
      await eventually(async () => expect(await position(topic)).toEqual([2n]), LONG);
      expect(await applied()).toEqual(['hall@1', 'attic@1']);
      expect(await toy.fresh.query('select correlation_id from applied order by n')).toEqual([
        { correlation_id: 'about-hall' },
        { correlation_id: 'about-attic' },
      ]);
    });

    it('changes nothing by the same message a second time', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      const same = lamp('hall', 1);
      await bus.append(topic, [same, same]);
      await bus.append(topic, [same]);
      await join(bus, [keepsLamps(topic)]);
      await eventually(async () => expect(await position(topic)).toEqual([3n]), LONG);
      expect(await applied()).toEqual(['hall@1']);
    });

    it('keeps the highest version, whatever comes late or out of order', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      await join(bus, [keepsLamps(topic)]);
      await bus.append(topic, [lamp('hall', 2), lamp('hall', 5)]);
      await eventually(async () => expect(await position(topic)).toEqual([2n]), LONG);
      await bus.append(topic, [lamp('hall', 1), lamp('hall', 4), lamp('hall', 3)]);
      await eventually(async () => expect(await position(topic)).toEqual([5n]), LONG);
      expect(await copies()).toEqual([{ key: 'hall', version: '5', note: 'v5' }]);
      expect(await applied()).toEqual(['hall@2', 'hall@5']);
    });

    it('puts one poisoned message among a thousand aside, and handles the 999 others', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      const all = Array.from({ length: 1_000 }, (_, n) => lamp(n === 617 ? 'poison' : `lamp-${n}`, 1));
      await bus.append(topic, all);
      let attempts = 0;
      await join(bus, [
        keepsLamps(topic, ({ key }) => {
          if (key !== 'poison') return;
          attempts += 1;
          throw new TypeError('a handler trips over it');
        }),
      ]);
      await eventually(async () => expect(await position(topic)).toEqual([1_000n]), LONG);
      expect(new Set(await applied()).size).toBe(999);
      expect(await applied()).toHaveLength(999);
      expect(await letters(topic)).toEqual([{ reason: 'handler-failed', attempts: 5, status: 'waiting', superseded_by: null }]);
      expect(attempts).toBeLessThan(20);
    });

    it('puts aside at once what the domain refuses', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      await bus.append(topic, [lamp('hall', 1), lamp('attic', 1)]);
      const refuse = ({ key }: Heard<LampV1>): void => {
        if (key === 'hall') throw conflict('lamp.not-now', 'The hall is being painted');
      };
      await join(bus, [keepsLamps(topic, refuse)]);
      await eventually(async () => expect(await position(topic)).toEqual([2n]), LONG);
      expect(await letters(topic)).toMatchObject([{ reason: 'lamp.not-now', attempts: 1 }]);
      expect(await applied()).toEqual(['attic@1']);
    });

    it('puts aside what nobody can read, says why, and goes on', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      await bus.append(topic, [
        lamp('hall', 1, 'x', { ce_type: 'underpin.toy.lamp-stolen.v1' }),
        lamp('hall', 1, 'x', { ce_type: 'underpin.toy.lamp-lit.v2' }),
        { ...lamp('hall', 1), value: 'not { json' },
        { ...lamp('hall', 1), value: '{"id":"hall","version":1e309,"state":"dim"}' },
        { ...lamp('hall', 1), value: '[]' },
        lamp('hall', 1, 'x', { ce_id: undefined }),
        lamp('hall', 1, 'x', { ce_subjectversion: undefined }),
        lamp('hall', 1, 'x', { ce_subjectversion: '-1' }),
        { ...lamp('hall', 1), key: 'attic' },
        record('hall', 'x'),
        lamp('cellar', 1),
      ]);
      await join(bus, [keepsLamps(topic)]);
      await eventually(async () => expect(await position(topic)).toEqual([11n]), LONG);
      expect((await letters(topic)).map((letter) => letter.reason)).toEqual([
        'unknown-type',
        'unknown-version',
        'event.not-json',
        'contract.violated',
        'contract.violated',
        'event.attribute-missing',
        'event.version',
        'event.version',
        'event.key',
        'event.not-json',
      ]);
      expect(await applied()).toEqual(['cellar@1']);
    });

    it('waits for a database that is away, for as long as it takes, and buries nothing', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      await bus.append(topic, [lamp('hall', 1)]);
      let away = 3;
      await join(bus, [
        keepsLamps(topic, () => {
          if (away-- > 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
        }),
      ]);
      await eventually(async () => expect(await applied()).toEqual(['hall@1']), LONG);
      expect(await letters(topic)).toEqual([]);
    });

    it('loses nothing and does nothing twice when a member is killed in the middle of a batch', async () => {
      const topic = await newTopic('record', 4);
      const [dying, living] = [await open(), await open()];
      await living.bus.append(topic, Array.from({ length: 100 }, (_, n) => flicker(`lamp-${n}`, 1)));
      const listener = listens(flickersOn(topic), noteApplied);
      let die: (reason: Error) => void = () => undefined;
      const { hanging, outcomes } = hangingBus(dying.bus, new Promise((_resolve, reject) => (die = reject)));
      await join(hanging, [listener], { member: 'dying' });
      await eventually(() => expect(outcomes.length).toBeGreaterThan(0), LONG);
      dying.cut();
      await join(living.bus, [listener], { member: 'living' });
      await eventually(async () => expect(await applied()).toHaveLength(100), LONG);
      expect(new Set(await applied()).size).toBe(100);
      die(new Error('killed'));
    });

    it('fails on the position when it resumes as a zombie, after another has done its work', async () => {
      const topic = await newTopic('record', 1);
      const [stalled, healthy] = [await open(), await open()];
      await healthy.bus.append(topic, [flicker('hall', 1), flicker('hall', 2)]);
      const listener = listens(flickersOn(topic), noteApplied);
      let resume: () => void = () => undefined;
      const { hanging, outcomes } = hangingBus(stalled.bus, new Promise((resolve) => (resume = resolve)));
      await join(hanging, [listener], { member: 'stalled' });
      await eventually(() => expect(outcomes).toHaveLength(1), LONG);
      stalled.cut();
      await join(healthy.bus, [listener], { member: 'healthy' });
      await eventually(async () => expect(await applied()).toHaveLength(2), LONG);
      resume();
      await expect(outcomes[0]).rejects.toMatchObject({ name: 'PositionMoved' });
      expect(await applied()).toHaveLength(2);
      expect(await position(topic)).toEqual([2n]);
    });

    it('shares nothing with another group, and a new one reaches the same state from the earliest record', async () => {
      const topic = await newTopic('state', 4);
      const { bus } = await open();
      for (let version = 1; version <= 3; version++) await bus.append(topic, Array.from({ length: 20 }, (_, n) => lamp(`lamp-${n}`, version)));
      await join(bus, [keepsLamps(topic)]);
      await eventually(async () => expect((await position(topic)).reduce((a, b) => a + b, 0n)).toBe(60n), LONG);
      const first = await copies();
      await toy.fresh.query('delete from heard_lamp');
      await join(bus, [keepsLamps(topic)], { group: 'toy-again' });
      await eventually(async () => expect((await position(topic)).reduce((a, b) => a + b, 0n)).toBe(120n), LONG);
      expect(await copies()).toEqual(first);
      expect(first.map((copy) => copy.version)).toEqual(Array.from({ length: 20 }, () => '3'));
    });

    it('reaches the same state when everything is read again from zero', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      await bus.append(topic, [lamp('hall', 1), lamp('hall', 3), lamp('hall', 2), lamp('attic', 1)]);
      const { consumer } = await join(bus, [keepsLamps(topic)]);
      await eventually(async () => expect(await position(topic)).toEqual([4n]), LONG);
      await consumer.stop();
      const [state, deeds] = [await copies(), await applied()];
      await toy.fresh.query('delete from position');
      await join(bus, [keepsLamps(topic)]);
      await eventually(async () => expect(await position(topic)).toEqual([4n]), LONG);
      expect([await copies(), await applied()]).toEqual([state, deeds]);
    });

    it('is ready when it has handled what was on the bus at its start', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      await bus.append(topic, [lamp('hall', 1)]);
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const { consumer } = await join(bus, [
        listens(lampsOn(topic), async (tx, event) => {
          await held;
          await tx.hear(heardLamps, event);
        }),
      ]);
      await eventually(async () => expect(await consumer.caughtUp.check()).toMatch(/events that were there at the start: 1 partitions/), LONG);
      expect(await consumer.lag()).toEqual([{ topic, partition: 0, position: null, high: 1n, lag: 1n }]);
      letGo();
      await eventually(async () => expect(await consumer.caughtUp.check()).toBeNull(), LONG);
      expect(await consumer.lag()).toEqual([{ topic, partition: 0, position: 1n, high: 1n, lag: 0n }]);
    });

    it('stops loudly where records are gone that it has not read, until somebody accepts that', async () => {
      const topic = await newTopic('record', 1);
      const { bus } = await open();
      const listener = listens(flickersOn(topic), noteApplied);
      await bus.append(topic, [flicker('a', 1)]);
      const before = await join(bus, [listener]);
      await eventually(async () => expect(await position(topic)).toEqual([1n]), LONG);
      await before.consumer.stop();
      await bus.append(topic, [flicker('b', 1), flicker('c', 1), flicker('d', 1)]);
      await busUnderTest().forget({ topic, partition: 0 }, 3n);
      const { consumer, work } = await join(bus, [listener]);
      await eventually(() => expect(consumer.halts()).toMatchObject([{ topic, partition: 0, next: 1n, low: 3n }]), LONG);
      expect(await applied()).toEqual(['a@0']);
      expect(await consumer.acceptGap(actor('accept-gap'), work, { topic, partition: 0 })).toEqual({ position: 3n });
      await eventually(async () => expect(await applied()).toEqual(['a@0', 'd@0']), LONG);
      expect(await toy.fresh.query(`select facts from audit where subject = 'position'`)).toEqual([{ facts: 'gap-accepted 1..3' }]);
    });
  });

  describe('a dead letter', () => {
    /** A lamp that nobody can handle until it is mended. */
    const troubled = async () => {
      const topic = await newTopic();
      const { bus } = await open();
      let broken = true;
      const mend = (): void => void (broken = false);
      const trip = ({ version }: Heard<LampV1>): void => {
        if (broken && version === 2n) throw conflict('lamp.broken', 'It gives no light');
      };
      const member = await join(bus, [keepsLamps(topic, trip)]);
      await bus.append(topic, [lamp('hall', 1), lamp('hall', 2)]);
      await eventually(async () => expect(await letters(topic)).toHaveLength(1), LONG);
      const [letter] = await member.letters.list({ limit: 10 });
      return { ...member, topic, bus, mend, id: letter?.id ?? 'none' };
    };

    it('is handled by the same handlers when it is redriven, and moves no position', async () => {
      const { topic, letters: deadLetters, mend, id } = await troubled();
      await expect(deadLetters.redrive(actor(), id)).rejects.toMatchObject({ kind: 'conflict', code: 'dead-letter.failed-again' });
      expect(await letters(topic)).toMatchObject([{ status: 'waiting', attempts: 2 }]);
      mend();
      expect(await deadLetters.redrive(actor(), id)).toMatchObject({ status: 'redriven', settled_by: 'toy' });
      expect(await copies()).toEqual([{ key: 'hall', version: '2', note: 'v2' }]);
      expect(await position(topic)).toEqual([2n]);
      await expect(deadLetters.redrive(actor(), id)).rejects.toMatchObject({ code: 'dead-letter.settled' });
    });

    it('is superseded by a newer version, and changes nothing when it is redriven after it', async () => {
      const { topic, bus, letters: deadLetters, mend, id } = await troubled();
      await bus.append(topic, [lamp('hall', 3)]);
      await eventually(async () => expect(await position(topic)).toEqual([3n]), LONG);
      expect(await letters(topic)).toMatchObject([{ status: 'waiting', superseded_by: '3' }]);
      mend();
      await deadLetters.redrive(actor(), id);
      expect(await copies()).toEqual([{ key: 'hall', version: '3', note: 'v3' }]);
      expect(await applied()).toEqual(['hall@1', 'hall@3']);
    });

    it('can be given up, with a reason', async () => {
      const { letters: deadLetters, id } = await troubled();
      expect(await deadLetters.discard(actor(), id, 'the lamp was sold')).toMatchObject({ status: 'discarded', settled_why: 'the lamp was sold' });
      await expect(deadLetters.redrive(actor(), id)).rejects.toMatchObject({ code: 'dead-letter.settled' });
      await expect(deadLetters.find(randomUUID())).rejects.toMatchObject({ code: 'dead-letter.unknown' });
      expect(await toy.fresh.query(`select facts from audit where subject = 'dead_letter'`)).toHaveLength(1);
    });
  });

  describe('a producer', () => {
    it('is heard in the order in which it committed, from service to service', async () => {
      const topic = await newTopic();
      const { bus } = await open();
      const { work } = await relayTo(bus);
      const versions: bigint[] = [];
      await join(bus, [keepsLamps(topic, ({ version }) => versions.push(version))]);
      for (let n = 1; n <= 20; n++) await light(work, topic, 'hall', String(n));
      await eventually(async () => expect(await copies()).toEqual([{ key: 'hall', version: '20', note: '20' }]), LONG);
      expect(versions).toEqual(Array.from({ length: 20 }, (_, n) => BigInt(n + 1)));
    });

    it('is published by position, whatever the order in which the rows stand in the outbox', async () => {
      const topic = await newTopic();
      const reader = await open();
      for (const pos of [7, 3, 9, 1, 5]) {
        const { key, headers, value } = lamp('hall', pos);
        await toy.fresh.query('insert into outbox (pos, topic, key, headers, value) values ($1, $2, $3, $4, $5)', [pos, topic, key, headers, value]);
      }
      const versions: bigint[] = [];
      await join(reader.bus, [keepsLamps(topic, ({ version }) => versions.push(version))]);
      await relayTo(reader.bus);
      await eventually(() => expect(versions).toEqual([1n, 3n, 5n, 7n, 9n]), LONG);
    });

    it('goes on while the bus is away: writes succeed, the outbox grows, then drains in order', async () => {
      const topic = await newTopic();
      const [near, reader] = [await open(), await open()];
      const { work, database } = await relayTo(near.bus);
      const versions: bigint[] = [];
      await join(reader.bus, [keepsLamps(topic, ({ version }) => versions.push(version))]);
      await light(work, topic, 'hall', 'before');
      await eventually(() => expect(versions).toEqual([1n]), LONG);
      near.cut();
      for (let n = 2; n <= 30; n++) await light(work, topic, 'hall', String(n));
      await eventually(async () => expect(await new OutboxTable(database).depth()).toEqual({ waiting: 29, refused: 0 }), LONG);
      near.mend();
      await eventually(async () => expect((await copies())[0]?.version).toBe('30'), LONG);
      // At least once: what was appended when the cable was cut may come again, but never out of its order.
      expect([...new Set(versions)]).toEqual(Array.from({ length: 30 }, (_, n) => BigInt(n + 1)));
      await eventually(async () => expect(await new OutboxTable(database).depth()).toEqual({ waiting: 0, refused: 0 }), LONG);
    });

    it('is refused in its own transaction when it would tell more than an event may hold', async () => {
      const topic = await newTopic();
      const { work, database } = await relayTo((await open()).bus);
      await expect(light(work, topic, 'hall', 'x'.repeat(LARGEST_VALUE_BYTES))).rejects.toMatchObject({ kind: 'too-large', code: 'event.too-large' });
      expect(await toy.fresh.query('select * from lamp')).toEqual([]);
      expect(await new OutboxTable(database).depth()).toEqual({ waiting: 0, refused: 0 });
    });
  });
};
