import { eventually } from '@underpin/testing/eventually';
import { toBinary } from '@underpin/contracts/envelope';
import { pause } from './back-off';
import type { Bus, ConsumeOptions, PartitionOffsets, ReceivedRecord } from './bus';
import { Consumer } from './consumer';
import { Hearing } from './hearing';
import { listens, type Listener } from './listens';
import { actor, flickersOn, toyDatabase, type ToyDatabase } from './toy-service.fixtures';

const TOPIC = 'underpin.toy.flickers';

/** A bus with one partition that holds exactly the records that a test puts there: gaps and garbage too. */
class ScriptedBus {
  readonly records: ReceivedRecord[] = [];
  isAway = false;
  private readonly stopping = new AbortController();

  readonly bus = {
    offsets: async (): Promise<PartitionOffsets[]> => {
      if (this.isAway) throw new Error('nobody answers');
      const end = this.records.at(-1)?.offset;
      return [
        { topic: TOPIC, partition: 0, low: this.records[0]?.offset ?? 0n, high: end === undefined ? 0n : end + 1n },
      ];
    },
    consume: async (options: ConsumeOptions) => {
      const reading = this.read(options);
      return {
        stop: () => (this.stopping.abort(), reading),
        assignment: () => [{ topic: TOPIC, partition: 0 }],
        halts: () => [],
      };
    },
  } as unknown as Bus;

  put(offset: number, record: Partial<ReceivedRecord> = {}): void {
    const sequence = offset;
    const wire = toBinary({
      id: `flicker-${offset}`,
      type: 'underpin.intake.flicker-seen.v1',
      source: '/s',
      subject: 'hall',
      time: 0,
      data: { lamp: 'hall', sequence },
    });
    this.records.push({
      topic: TOPIC,
      partition: 0,
      offset: BigInt(offset),
      key: Buffer.from(wire.key),
      headers: wire.headers,
      value: Buffer.from(wire.value),
      ...record,
    });
  }

  private async read({ positions, onBatch, onTrouble }: ConsumeOptions): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const [position] = await positions([{ topic: TOPIC, partition: 0 }]);
        const [first, ...others] = this.records.filter(({ offset }) => offset >= (position?.next ?? 0n));
        if (first !== undefined) await onBatch({ topic: TOPIC, partition: 0, records: [first, ...others] }, signal);
      } catch (error) {
        onTrouble?.(error, 'here');
      }
      await pause(20, signal);
    }
  }
}

describe('a consumer', () => {
  let toy: ToyDatabase;
  let bus: ScriptedBus;
  const consumers: Consumer[] = [];
  beforeEach(async () => {
    toy = await toyDatabase();
    bus = new ScriptedBus();
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    await toy.close();
  });

  const seen: number[] = [];
  const watches = listens(flickersOn(TOPIC), async (_tx, { data }) => seen.push(data.sequence));
  const join = async (...listeners: Listener[]): Promise<Consumer> => {
    const { work, database } = await toy.open();
    const consumer = new Consumer(work, database, bus.bus, new Hearing(listeners, 'toy'), 'toy', 'toy-1', toy.log);
    consumers.push(consumer);
    consumer.start();
    return consumer;
  };
  beforeEach(() => void seen.splice(0));

  it('stops loudly at a gap in a record topic, and goes on behind it when that was accepted', async () => {
    for (const offset of [0, 1, 4, 5]) bus.put(offset);
    const consumer = await join(watches);
    await eventually(() => expect(consumer.halts()).toMatchObject([{ topic: TOPIC, partition: 0, next: 2n, low: 4n }]));
    expect(consumer.halts()[0]?.message).toMatch(/offset 2, but everything before 4 is gone/);
    expect(seen).toEqual([0, 1]);
    expect(await consumer.acceptGap(actor(), { topic: TOPIC, partition: 0 })).toEqual({ position: 2n });
    await eventually(() => expect(seen).toEqual([0, 1, 4, 5]));
    await eventually(() => expect(consumer.halts()).toEqual([]));

    for (const offset of [6, 9]) bus.put(offset); // one gap was accepted, not every one
    await eventually(() => expect(consumer.halts()).toMatchObject([{ next: 7n, low: 9n }]));
    expect(seen).toEqual([0, 1, 4, 5, 6]);
  });

  it('puts bytes aside that no text column could hold', async () => {
    bus.put(0, {
      value: Buffer.from([0xff, 0x00, 0xfe]),
      headers: { 'a\u0000b': 'c\u0000', x: '\ud800' },
      key: Buffer.from([0, 1, 2, 0xff]),
    });
    bus.put(1, { value: null, key: null });
    bus.put(2, { value: Buffer.from('{"lamp":"\\u0000","sequence":2}') });
    bus.put(3);
    const stores = listens(flickersOn(TOPIC), (tx, { data }) =>
      tx.query('insert into applied (topic, key, version, correlation_id) values ($1, $2, $3, $4)', [
        TOPIC,
        data.lamp,
        data.sequence,
        'none',
      ]),
    );
    await join(stores);
    await eventually(async () => expect(await toy.fresh.query('select key from applied')).toEqual([{ key: 'hall' }]));
    const letters = await toy.fresh.query<{ reason: string; value: Buffer | null; key: Buffer | null }>(
      'select reason, value, key from dead_letter order by "offset"',
    );
    expect(letters.map(({ reason }) => reason).slice(0, 2)).toEqual(['event.not-utf8', 'event.empty']);
    expect(letters).toHaveLength(3);
    expect([letters[0]?.value, letters[0]?.key]).toEqual([
      Buffer.from([0xff, 0x00, 0xfe]),
      Buffer.from([0, 1, 2, 0xff]),
    ]);
  });

  it('runs the listeners of a subject in their order, all or none', async () => {
    bus.put(0);
    let failures = 2;
    const first = listens(flickersOn(TOPIC), (tx) =>
      tx.query(`insert into applied (topic, key, version, correlation_id) values ('t', 'first', 0, 'c')`),
    );
    const second = listens(flickersOn(TOPIC), async (tx) => {
      if (failures-- > 0) throw new Error('not yet');
      await tx.query(`insert into applied (topic, key, version, correlation_id) values ('t', 'second', 0, 'c')`);
    });
    await join(first, second);
    await eventually(async () =>
      expect(await toy.fresh.query('select key from applied order by n')).toEqual([
        { key: 'first' },
        { key: 'second' },
      ]),
    );
  });

  it('says what it waits for while the bus is away, and joins when it is there', async () => {
    bus.isAway = true;
    bus.put(0);
    const consumer = await join(watches);
    await eventually(async () => expect(await consumer.caughtUp.check()).toBe('the bus: nobody answers'));
    bus.isAway = false;
    await eventually(() => expect(seen).toEqual([0]));
    await eventually(async () => expect(await consumer.caughtUp.check()).toBeNull());
  });

  it('is ready at once when the service listens to nothing', async () => {
    const consumer = await join();
    expect([await consumer.caughtUp.check(), consumer.assignment(), consumer.halts()]).toEqual([null, [], []]);
  });
});
