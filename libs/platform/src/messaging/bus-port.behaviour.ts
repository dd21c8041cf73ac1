import { eventually } from '@underpin/testing/eventually';
import { randomUUID } from 'node:crypto';
import { LARGEST_VALUE_BYTES } from './largest-value';
import { partitionOf } from './partitioner';
import {
  partitionName,
  type Batch,
  type Bus,
  type BusRecord,
  type ConsumeOptions,
  type Halt,
  type NextOffset,
  type TopicDeclaration,
  type TopicPartition,
} from './bus';

/** A bus as one process has it, and a pair of pliers for its cables. */
export interface OpenedBus {
  readonly bus: Bus;
  /** From now on nothing of this process reaches the broker, and nothing comes back. */
  cut(): void;
  mend(): void;
}

/** What a behaviour suite needs of an implementation. */
export interface BusUnderTest {
  /** The bus of one more process. Closed by the suite. */
  open(): Promise<OpenedBus>;
  createTopic(topic: TopicDeclaration): Promise<void>;
  /** Retention at work: everything before this offset goes. */
  forget(at: TopicPartition, before: bigint): Promise<void>;
}

export const record = (key: string, value: unknown, headers: Record<string, string> = {}): BusRecord => ({
  key,
  headers,
  value: typeof value === 'string' ? value : JSON.stringify(value),
});

/** A group's positions, kept in memory as a consumer's database would keep them. */
export class RememberedPositions {
  readonly next = new Map<string, bigint>();
  readonly asked: TopicPartition[] = [];

  readonly read = async (assigned: readonly TopicPartition[]): Promise<NextOffset[]> => {
    this.asked.push(...assigned);
    return assigned.map((at) => ({ ...at, next: this.next.get(partitionName(at)) ?? null }));
  };

  moveBehind(batch: Batch): void {
    this.next.set(partitionName(batch), (batch.records.at(-1) as { offset: bigint }).offset + 1n);
  }
}

/** What every bus does, seen through its port alone. */
export const describePort = (busUnderTest: () => BusUnderTest): void => {
  const opened: OpenedBus[] = [];
  const open = async (): Promise<OpenedBus> => {
    const one = await busUnderTest().open();
    opened.push(one);
    return one;
  };
  const newTopic = async (shape: 'state' | 'record' = 'record', partitions = 4): Promise<string> => {
    const name = `underpin.test.${randomUUID()}`;
    await busUnderTest().createTopic({ name, shape, partitions });
    return name;
  };
  /** Starts a member that notes what it reads and moves its positions. */
  const reader = async (
    bus: Bus,
    options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'topics'>,
    positions = new RememberedPositions(),
  ) => {
    const read: { partition: number; offset: bigint; key: string; value: string }[] = [];
    const halts: Halt[] = [];
    const consumption = await bus.consume({
      group: `group-${randomUUID()}`,
      member: 'member-1',
      positions: positions.read,
      onHalt: (halt) => halts.push(halt),
      ...options,
      onBatch: async (batch, signal) => {
        await options.onBatch?.(batch, signal);
        positions.moveBehind(batch);
        for (const { partition, offset, key, value } of batch.records)
          read.push({ partition, offset, key: String(key), value: String(value) });
      },
    });
    return { consumption, positions, read, halts, values: () => read.map((r) => r.value) };
  };

  afterEach(async () => {
    for (const one of opened) one.mend();
    await Promise.all(opened.splice(0).map((one) => one.bus.close()));
  });

  it('keeps the order of each key over three producers, and gives every record once while nothing goes wrong', async () => {
    const topic = await newTopic();
    const producers = await Promise.all([open(), open(), open()]);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(
      producers.map(async ({ bus }, producer) => {
        for (let chunk = 0; chunk < 5; chunk++)
          await bus.append(
            topic,
            keys.flatMap((key) => [0, 1].map((n) => record(`${key}${producer}`, { n: chunk * 2 + n }))),
          );
      }),
    );
    const { read } = await reader((await open()).bus, { topics: [topic] });
    await eventually(() => expect(read).toHaveLength(3 * 6 * 10));
    for (const producer of [0, 1, 2])
      for (const key of keys) {
        const mine = read.filter((r) => r.key === `${key}${producer}`);
        expect(mine.map((r) => JSON.parse(r.value).n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        expect(new Set(mine.map((r) => r.partition))).toEqual(new Set([partitionOf(`${key}${producer}`, 4)]));
      }
  });

  it('keeps keys, headers and values as they are, Unicode included', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    const headers = { ce_id: '1', ce_subject: 'Zürich/☂' };
    await bus.append(topic, [{ key: 'Zürich/☂', headers, value: '{"name":"Ω \\u0000"}' }]);
    const batches: Batch[] = [];
    await reader(bus, { topics: [topic], onBatch: async (batch) => void batches.push(batch) });
    await eventually(() => expect(batches).toHaveLength(1));
    const [received] = (batches[0] as Batch).records;
    expect(received).toMatchObject({ topic, offset: 0n, headers });
    expect([String(received.key), String(received.value)]).toEqual(['Zürich/☂', '{"name":"Ω \\u0000"}']);
  });

  it('tells the offsets: low is the first record there is, high the place of the next one', async () => {
    const topic = await newTopic('record', 1);
    const { bus } = await open();
    expect(await bus.offsets([topic])).toEqual([{ topic, partition: 0, low: 0n, high: 0n }]);
    await bus.append(topic, [record('a', 1), record('a', 2), record('a', 3)]);
    await busUnderTest().forget({ topic, partition: 0 }, 2n);
    expect(await bus.offsets([topic])).toEqual([{ topic, partition: 0, low: 2n, high: 3n }]);
    expect(await bus.topics()).toContain(topic);
  });

  it('gives two groups everything, independently of each other', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    const first = await reader(bus, { topics: [topic] });
    await bus.append(topic, [record('a', 1), record('b', 2)]);
    await eventually(() => expect(first.read).toHaveLength(2));
    const second = await reader(bus, { topics: [topic] });
    await eventually(() => expect(second.read).toHaveLength(2));
    expect(first.read).toHaveLength(2);
  });

  it('starts where the position says, and at the earliest record without one', async () => {
    const topic = await newTopic('record', 1);
    const { bus } = await open();
    await bus.append(
      topic,
      ['0', '1', '2', '3'].map((value) => record('a', value)),
    );
    const positions = new RememberedPositions();
    positions.next.set(`${topic}/0`, 2n);
    const late = await reader(bus, { topics: [topic] }, positions);
    const fresh = await reader(bus, { topics: [topic] });
    await eventually(() => expect(late.values()).toEqual(['2', '3']));
    await eventually(() => expect(fresh.values()).toEqual(['0', '1', '2', '3']));
  });

  it('asks for the position again after a failed batch, and repeats from there', async () => {
    const topic = await newTopic('record', 1);
    const { bus } = await open();
    await bus.append(topic, [record('a', '0'), record('a', '1')]);
    let failures = 0;
    const troubles: unknown[] = [];
    const { values, positions } = await reader(bus, {
      topics: [topic],
      onTrouble: (error) => troubles.push(error),
      onBatch: async () => {
        if (failures++ < 2) throw new TypeError('a mistake in a handler');
      },
    });
    await eventually(() => expect(values()).toEqual(['0', '1']));
    expect(positions.asked.length).toBeGreaterThanOrEqual(3);
    expect(troubles.map(String)).toContain('TypeError: a mistake in a handler');
  });

  it('goes on with the other partitions while one of them fails', async () => {
    const topic = await newTopic('record', 2);
    const [bad, good] = [keyIn(0, 2), keyIn(1, 2)];
    const { bus } = await open();
    await bus.append(topic, [record(bad, 'bad'), record(good, 'good')]);
    const { values } = await reader(bus, {
      topics: [topic],
      onBatch: async (batch) => {
        if (batch.partition === 0) throw new Error('this partition cannot be handled');
      },
    });
    await eventually(() => expect(values()).toEqual(['good']));
  });

  it('shares the partitions between two members, and gives all to the one that is left', async () => {
    const topic = await newTopic('record', 6);
    const group = `group-${randomUUID()}`;
    const positions = new RememberedPositions();
    const [one, two] = [await open(), await open()];
    const first = await reader(one.bus, { topics: [topic], group, member: 'member-1' }, positions);
    await eventually(() => expect(first.consumption.assignment()).toHaveLength(6));
    const second = await reader(two.bus, { topics: [topic], group, member: 'member-2' }, positions);
    await eventually(() => expect([first, second].map((m) => m.consumption.assignment().length)).toEqual([3, 3]));
    await one.bus.append(
      topic,
      Array.from({ length: 60 }, (_, n) => record(`key-${n}`, n)),
    );
    await eventually(() => expect(first.read.length + second.read.length).toBe(60));
    await second.consumption.stop();
    await eventually(() => expect(first.consumption.assignment()).toHaveLength(6));
    await one.bus.append(
      topic,
      Array.from({ length: 60 }, (_, n) => record(`key-${n}`, n)),
    );
    await eventually(() => expect(first.read.length + second.read.length).toBe(120));
  });

  it('moves the partitions of a member that was killed in the middle of a batch', async () => {
    const topic = await newTopic('record', 2);
    const group = `group-${randomUUID()}`;
    const positions = new RememberedPositions();
    const [dying, living] = [await open(), await open()];
    let began = 0;
    let die: (reason: Error) => void = () => undefined;
    const death = new Promise<never>((_resolve, reject) => (die = reject));
    death.catch(() => undefined);
    await reader(dying.bus, { topics: [topic], group, member: 'dying', onBatch: () => (began++, death) }, positions);
    await living.bus.append(
      topic,
      Array.from({ length: 20 }, (_, n) => record(`key-${n}`, n)),
    );
    await eventually(() => expect(began).toBeGreaterThan(0));
    dying.cut();
    const { read, consumption } = await reader(living.bus, { topics: [topic], group, member: 'living' }, positions);
    await eventually(() => expect(consumption.assignment()).toHaveLength(2), { withinMs: 20_000 });
    await eventually(() => expect(new Set(read.map((r) => r.key)).size).toBe(20));
    die(new Error('killed'));
  });

  it('lets appends fail while the broker is away, and readers go on by themselves when it is back', async () => {
    const topic = await newTopic('record', 1);
    const { bus, cut, mend } = await open();
    const { values } = await reader(bus, { topics: [topic] });
    await bus.append(topic, [record('a', 'before')]);
    await eventually(() => expect(values()).toEqual(['before']));
    cut();
    await expect(bus.append(topic, [record('a', 'lost')])).rejects.toThrow();
    mend();
    await eventually(() => bus.append(topic, [record('a', 'after')]), { withinMs: 20_000 });
    await eventually(() => expect(values().at(-1)).toBe('after'), { withinMs: 20_000 });
  });

  it.each(['state', 'record'] as const)(
    'halts loudly, with a %s topic, where records were lost before they were read',
    async (shape) => {
      const topic = await newTopic(shape, 2);
      const { bus } = await open();
      const [lost, kept] = [keyIn(0, 2), keyIn(1, 2)];
      await bus.append(topic, [record(lost, '0'), record(lost, '1'), record(lost, '2'), record(kept, 'kept')]);
      await busUnderTest().forget({ topic, partition: 0 }, 2n);
      const positions = new RememberedPositions();
      positions.next.set(`${topic}/0`, 1n);
      const { values, halts, consumption } = await reader(bus, { topics: [topic] }, positions);
      await eventually(() => expect(halts).toMatchObject([{ topic, partition: 0, next: 1n, low: 2n }]));
      expect(halts[0]?.message).toMatch(/offset 1, but everything before 2 is gone\. Resync needed/);
      await eventually(() => expect(values()).toEqual(['kept']));
      expect(consumption.halts()).toHaveLength(1);
      positions.next.set(`${topic}/0`, 2n); // the gap was accepted
      await eventually(() => expect(values()).toEqual(['kept', '2']));
      expect(consumption.halts()).toHaveLength(0);
    },
  );

  it('halts loudly where the position is beyond the end: this is not the bus that was read', async () => {
    const topic = await newTopic('record', 1);
    const { bus } = await open();
    await bus.append(topic, [record('a', '0')]);
    const positions = new RememberedPositions();
    positions.next.set(`${topic}/0`, 7n);
    const { values, halts } = await reader(bus, { topics: [topic] }, positions);
    await eventually(() => expect(halts[0]?.message).toMatch(/offset 7, but the bus ends at 1/));
    expect(values()).toEqual([]);
  });

  it('refuses a value that is too large, and a topic that does not exist', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await bus.append(topic, [record('a', 'x'.repeat(LARGEST_VALUE_BYTES))]);
    await expect(bus.append(topic, [record('a', 'x'.repeat(LARGEST_VALUE_BYTES + 1))])).rejects.toMatchObject({
      name: 'RecordRefused',
      reason: 'too-large',
    });
    await expect(bus.append('underpin.test.nowhere', [record('a', 'x')])).rejects.toMatchObject({
      reason: 'unknown-topic',
    });
    await expect(reader(bus, { topics: ['underpin.test.nowhere'] })).rejects.toMatchObject({ reason: 'unknown-topic' });
  });

  it('reads large values in more than one batch', async () => {
    const topic = await newTopic('record', 1);
    const { bus } = await open();
    const value = 'x'.repeat(LARGEST_VALUE_BYTES);
    for (let n = 0; n < 6; n++) await bus.append(topic, [record('a', value)]);
    const sizes: number[] = [];
    await reader(bus, { topics: [topic], onBatch: async (batch) => void sizes.push(batch.records.length) });
    await eventually(() => expect(sizes.reduce((a, b) => a + b, 0)).toBe(6));
    expect(Math.max(...sizes)).toBeLessThan(6);
  });
};

/** A key that falls into this partition. */
export const keyIn = (partition: number, partitions: number): string => {
  for (let n = 0; ; n++) if (partitionOf(`key-${n}`, partitions) === partition) return `key-${n}`;
};
