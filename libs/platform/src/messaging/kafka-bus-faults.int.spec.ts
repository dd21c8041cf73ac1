import { eventually } from '@underpin/testing/eventually';
import { kafkaBroker, ownKafka, withKafka, type OwnKafka } from '@underpin/testing/kafka';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { pause } from './back-off';
import {
  partitionName,
  type Batch,
  type ConsumeOptions,
  type Consumption,
  type Halt,
  type TopicPartition,
} from './bus';
import { keyIn, record, RememberedPositions } from './bus-port.behaviour';
import { KafkaBus } from './kafka-bus';
import { declareKafkaTopics } from './kafka-topics';
import { TcpCable } from './tcp-cable.behaviour';

jest.setTimeout(180_000);

const SESSION_MS = 2_000;

/** What only Kafka can do to us: the promises of the port are in the suite that both buses share. */
withKafka(() => {
  const opened: KafkaBus[] = [];
  const cables: TcpCable[] = [];
  const releases: (() => void)[] = [];
  const latch = () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    releases.push(release);
    return { released, release };
  };
  let brokers: string[];
  let admin: Admin;
  beforeAll(async () => {
    ({ brokers } = await kafkaBroker());
    admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
  });
  afterEach(async () => {
    for (const release of releases.splice(0)) release(); // a bus waits for the batches in hand
    await Promise.all(opened.splice(0).map((bus) => bus.close()));
    await Promise.all(cables.splice(0).map((cable) => cable.close()));
  });
  afterAll(() => admin.disconnect());

  const open = (at = brokers): KafkaBus => {
    const bus = new KafkaBus({ brokers: at, clientId: 'test', sessionMs: SESSION_MS, heartbeatMs: 200 });
    opened.push(bus);
    return bus;
  };
  const newTopic = async (partitions = 1, at = brokers): Promise<string> => {
    const name = `underpin.test.${randomUUID()}`;
    await declareKafkaTopics({ brokers: at, topics: [{ name, shape: 'record', partitions }] });
    return name;
  };
  const values = (batches: readonly Batch[]): string[] => batches.flatMap((b) => b.records.map((r) => String(r.value)));
  const numbers = (from: number, to: number, key = 'a') =>
    Array.from({ length: to - from }, (_, n) => record(key, String(from + n)));

  const read = async (bus: KafkaBus, options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'topics'>) => {
    const batches: Batch[] = [];
    const halts: Halt[] = [];
    const positions = new RememberedPositions();
    const consumption = await bus.consume({
      group: `group-${randomUUID()}`,
      member: 'member-1',
      positions: positions.read,
      onHalt: (halt) => halts.push(halt),
      ...options,
      onBatch: async (batch, signal) => {
        await options.onBatch?.(batch, signal);
        positions.moveBehind(batch);
        batches.push(batch);
      },
    });
    return { consumption, batches, halts, positions };
  };

  describe('positions in our database, offsets in Kafka', () => {
    it('shows Kafka how far the group is, and begins where our position says all the same', async () => {
      const topic = await newTopic();
      const group = `group-${randomUUID()}`;
      const bus = open();
      await bus.append(topic, numbers(0, 10));
      const first = await read(bus, { topics: [topic], group });
      const shown = async () =>
        (await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0]?.partitions[0]?.offset;
      await eventually(async () => expect(await shown()).toBe('10'));
      await first.consumption.stop();
      await bus.append(topic, numbers(10, 15));

      const restored = new RememberedPositions(); // as a database that was put back from a backup
      restored.next.set(`${topic}/0`, 4n);
      const slowly = async (assigned: readonly TopicPartition[]) => {
        await pause(500); // long enough for the client to fetch from Kafka's own offset, if it could
        return restored.read(assigned);
      };
      const second = await read(bus, { topics: [topic], group, positions: slowly });
      await eventually(() => expect(values(second.batches)).toHaveLength(11));
      expect(values(second.batches)).toEqual(numbers(4, 15).map((r) => r.value));
    });

    it('passes over offsets that hold no record, since others have written in transactions', async () => {
      const topic = await newTopic();
      const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
      const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      try {
        for (const value of ['0', '2', '4']) {
          const transaction = await producer.transaction();
          await transaction.send({ topic, messages: [{ key: 'a', value }] });
          await transaction.commit();
        }
      } finally {
        await producer.disconnect();
      }
      const bus = open();
      const all = await read(bus, { topics: [topic] });
      await eventually(() => expect(values(all.batches)).toEqual(['0', '2', '4']));
      const middle = new RememberedPositions();
      middle.next.set(`${topic}/0`, 3n); // a place that holds the end of a transaction
      const late = await read(bus, { topics: [topic], positions: middle.read });
      await eventually(() => expect(values(late.batches)).toEqual(['4']));
      await bus.append(topic, [record('a', '6')]);
      await eventually(() => expect([all, late].map((r) => values(r.batches).at(-1))).toEqual(['6', '6']));
      expect([...all.halts, ...late.halts]).toEqual([]);
    });

    it('halts where retention overtakes a group that reads too slowly', async () => {
      const topic = await newTopic();
      const bus = open();
      await bus.append(topic, numbers(0, 10));
      const { released, release } = latch();
      let began = 0;
      const { batches, halts, positions } = await read(bus, {
        topics: [topic],
        onBatch: async () => void ((began += 1), await released),
      });
      await eventually(() => expect(began).toBe(1));
      await bus.append(topic, numbers(10, 20));
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '15' }] });
      release();
      await eventually(() => expect(halts).toMatchObject([{ next: 10n, low: 15n }]));
      expect(values(batches)).toHaveLength(10);
      positions.next.set(`${topic}/0`, 15n); // the gap was accepted
      await eventually(() => expect(values(batches).slice(10)).toEqual(['15', '16', '17', '18', '19']));
    });

    it('halts where a topic was deleted and made again under a group that reads it', async () => {
      const topic = await newTopic();
      const bus = open();
      await bus.append(topic, numbers(0, 10));
      const { batches, halts } = await read(bus, { topics: [topic] });
      await eventually(() => expect(values(batches)).toHaveLength(10));
      await admin.deleteTopics({ topics: [topic] });
      await eventually(() =>
        declareKafkaTopics({ brokers, topics: [{ name: topic, shape: 'record', partitions: 1 }] }),
      );
      await eventually(() => bus.append(topic, [record('a', 'new')]), { withinMs: 20_000 });
      await eventually(() => expect(halts[0]?.message).toMatch(/offset 10, but the bus ends at 1/), {
        withinMs: 20_000,
      });
      expect(values(batches)).not.toContain('new');
    });
  });

  describe('groups', () => {
    it('keeps its partitions while a batch takes longer than a session, and goes on with the others', async () => {
      const topic = await newTopic(2);
      const bus = open();
      const { released, release } = latch();
      await bus.append(topic, [record(keyIn(0, 2), 'slow')]);
      const { batches, positions } = await read(bus, {
        topics: [topic],
        onBatch: async (batch) => void (batch.partition === 0 && (await released)),
      });
      const began = performance.now();
      for (let n = 0; performance.now() - began < 2.5 * SESSION_MS; n++) {
        await bus.append(topic, [record(keyIn(1, 2), String(n))]);
        await eventually(() => expect(values(batches)).toHaveLength(n + 1), { withinMs: 1_000 });
      }
      expect(positions.asked).toHaveLength(2);
      release();
      await eventually(() => expect(values(batches)).toContain('slow'));
      expect(positions.asked).toHaveLength(2); // nobody has joined or left since
    });

    it('applies every record once, in order, while members come and go', async () => {
      const topic = await newTopic(6);
      const group = `group-${randomUUID()}`;
      const positions = new RememberedPositions();
      const applied = new Map<string, number[]>();
      const join = async (member: string): Promise<Consumption> =>
        open().consume({
          group,
          member,
          topics: [topic],
          positions: positions.read,
          onBatch: async (batch) => {
            const name = partitionName(batch);
            await new Promise((resolve) => setImmediate(resolve));
            const isOurs = (positions.next.get(name) ?? 0n) === batch.records[0].offset;
            if (!isOurs) throw new Error('the position has moved'); // what the compare-and-set in the database does
            positions.moveBehind(batch);
            for (const { key, value } of batch.records)
              applied.set(String(key), [...(applied.get(String(key)) ?? []), Number(String(value))]);
          },
        });
      const keys = Array.from({ length: 12 }, (_, n) => `key-${n}`);
      const producer = open();
      const members: Consumption[] = [];
      let told = 0;
      for (let step = 0; step < 8; step++) {
        if (step % 2 === 0 || step === 3) members.push(await join(`member-${step}`));
        else await members.shift()?.stop();
        for (const until = told + 20; told < until; told++)
          await producer.append(
            topic,
            keys.map((key) => record(key, told)),
          );
      }
      const everything = Array.from({ length: told }, (_, n) => n);
      await eventually(() => expect(keys.map((key) => applied.get(key)?.length)).toEqual(keys.map(() => told)), {
        withinMs: 30_000,
      });
      for (const key of keys) expect(applied.get(key)).toEqual(everything);
    });
  });

  it('loses nothing that is appended after an append that failed since only its answer was lost', async () => {
    const topic = await newTopic();
    const { cable, url } = await TcpCable.to(`kafka://${brokers[0]}`);
    cables.push(cable);
    const { hostname: host, port } = new URL(url);
    const bus = new KafkaBus({
      brokers,
      clientId: 'test',
      requestMs: 500,
      connect: () => connect({ host, port: Number(port) }),
    });
    opened.push(bus);
    await bus.append(topic, [record('a', 'before')]);
    cable.mute(); // what is sent arrives, and nothing comes back
    await expect(bus.append(topic, [record('a', 'answer lost')])).rejects.toThrow();
    cable.mend();
    for (const value of ['after 1', 'after 2']) await bus.append(topic, [record('a', value)]);
    const { batches } = await read(open(), { topics: [topic] });
    await eventually(() => expect(values(batches)).toContain('after 2'));
    expect(values(batches)).toEqual(['before', 'answer lost', 'after 1', 'after 2']);
  });

  describe('a broker that fails', () => {
    let own: OwnKafka;
    beforeAll(async () => void (own = await ownKafka()));
    afterAll(() => own.remove());

    /** Appends numbers for as long as `fault` takes, as a relay does: again and again until it was accepted. */
    const under = async (fault: () => Promise<void>) => {
      const topic = await newTopic(3, own.brokers);
      const bus = open(own.brokers);
      const { batches } = await read(bus, { topics: [topic] });
      const keys = [0, 1, 2].map((partition) => keyIn(partition, 3));
      const state = { isOver: false };
      const faulty = fault().finally(() => (state.isOver = true));
      let told = 0;
      for (let after = 0; after < 20; told++) {
        await eventually(
          () =>
            bus.append(
              topic,
              keys.map((key) => record(key, String(told))),
            ),
          { withinMs: 60_000 },
        );
        if (state.isOver) after += 1;
      }
      await faulty;
      const everything = Array.from({ length: told }, (_, n) => String(n));
      const readOf = (key: string) =>
        batches.flatMap((b) => b.records.filter((r) => String(r.key) === key).map((r) => String(r.value)));
      await eventually(() => keys.forEach((key) => expect(new Set(readOf(key)).size).toBe(told)), { withinMs: 60_000 });
      for (const key of keys) expect([...new Set(readOf(key))]).toEqual(everything); // first appearances are in order
      return { told, twice: keys.reduce((sum, key) => sum + readOf(key).length - told, 0) };
    };

    it('loses nothing and keeps the order over kill -9 and a restart', async () => {
      await under(async () => {
        await own.kill();
        await own.restart();
      });
    });

    it('loses nothing and keeps the order over a broker that hangs longer than sessions and requests last', async () => {
      const began = performance.now();
      await under(async () => {
        await own.pause();
        await eventually(() => expect(performance.now() - began).toBeGreaterThan(14_000), { withinMs: 20_000 });
        await own.resume();
      });
    });

    it('stops within a few seconds while the broker is away', async () => {
      const topic = await newTopic(1, own.brokers);
      const bus = open(own.brokers);
      const { consumption } = await read(bus, { topics: [topic] });
      await own.kill();
      const began = performance.now();
      await consumption.stop();
      await bus.close();
      expect(performance.now() - began).toBeLessThan(15_000);
      await own.restart();
    });
  });
});
