import type { Batch, Halt } from './bus';
import type { FetchedBatch } from './kafka-bus-member';
import { KafkaBusReader } from './kafka-bus-reader';

const at = { topic: 'underpin.test', partition: 3 };

const fetched = (from: number, to: number, value = 'x'): FetchedBatch =>
  ({
    ...at,
    messages: Array.from({ length: to - from }, (_, n) => ({
      offset: String(from + n),
      key: Buffer.from('a'),
      value: Buffer.from(value),
      headers: { ce_id: Buffer.from(`id-${n}`), twice: ['first', 'last'] },
    })),
  }) as unknown as FetchedBatch;

/** A reader that notes what it hands on, and stops in the middle where the test wants it to. */
const reading = ({ during = async (): Promise<void> => undefined } = {}) => {
  const handled: Batch[] = [];
  const halts: Halt[] = [];
  const reader = new KafkaBusReader(at, {
    onBatch: async (batch) => {
      handled.push(batch);
      await during();
    },
    onHalt: (halt) => halts.push(halt),
  });
  const handle = (batch: FetchedBatch, low = 0n) => reader.handle(reader.ticket(), batch, async () => low);
  return {
    reader,
    handled,
    halts,
    handle,
    offsets: () => handled.flatMap((b) => b.records.map((r) => Number(r.offset))),
  };
};

describe('the gate of a partition', () => {
  it('is shut until the position is known', () => {
    const { reader } = reading();
    expect([reader.isOpen(), reader.needsPosition()]).toEqual([false, true]);
    expect(reader.place(reader.ticket(), 5n, 0n, 9n)).toBe(5n);
    expect([reader.isOpen(), reader.needsPosition()]).toEqual([true, false]);
  });

  it('begins at the earliest record where the group has never read', () => {
    const { reader } = reading();
    expect(reader.place(reader.ticket(), null, 7n, 9n)).toBe(7n);
  });

  it('lets through what goes on from the position, and says where to read next', async () => {
    const { reader, handle, offsets } = reading();
    reader.place(reader.ticket(), 5n, 0n, 9n);
    expect(await handle(fetched(5, 8))).toBe(8n);
    expect(await handle(fetched(8, 9))).toBe(9n);
    expect(offsets()).toEqual([5, 6, 7, 8]);
  });

  it('takes a gap for compaction while nothing before it is gone, and for a loss otherwise', async () => {
    const { reader, handle, offsets } = reading();
    reader.place(reader.ticket(), 5n, 0n, 9n);
    expect(await handle(fetched(7, 8), 5n)).toBe(8n);
    await expect(handle(fetched(12, 13), 9n)).rejects.toThrow(
      'expected offset 8, was given 12: everything before 9 is gone',
    );
    expect(offsets()).toEqual([7]);
    expect(reader.isOpen()).toBe(false);
  });

  it('takes nothing from before the position: the client has lost its place', async () => {
    const { reader, handle, handled } = reading();
    reader.place(reader.ticket(), 5n, 0n, 9n);
    await expect(handle(fetched(0, 9))).rejects.toThrow('expected offset 5, was given 0');
    expect(handled).toEqual([]);
  });

  it.each([
    ['before', 1n, /everything before 2 is gone/],
    ['behind', 10n, /the bus ends at 9/],
  ])('halts, once, with a position %s what Kafka has, and goes on when it was moved', (_where, position, why) => {
    const { reader, halts } = reading();
    expect(reader.place(reader.ticket(), position, 2n, 9n)).toBeUndefined();
    expect(reader.place(reader.ticket(), position, 2n, 9n)).toBeUndefined();
    expect(halts).toHaveLength(1);
    expect(reader.halt?.message).toMatch(why);
    expect([reader.isOpen(), reader.needsPosition()]).toEqual([false, false]); // it rests before it asks again
    expect(reader.place(reader.ticket(), 9n, 2n, 9n)).toBe(9n);
    expect(reader.halt).toBeUndefined();
  });

  it('rests after a failure, and asks for the position again', async () => {
    const { reader, handle } = reading({ during: () => Promise.reject(new Error('poison')) });
    reader.place(reader.ticket(), 0n, 0n, 9n);
    await expect(handle(fetched(0, 2))).rejects.toThrow('poison');
    expect([reader.isOpen(), reader.needsPosition()]).toEqual([false, false]);
  });

  it('does not open on an answer that was asked for before the partitions were shared out anew', () => {
    const { reader } = reading();
    const old = reader.ticket();
    reader.shut();
    expect(reader.place(old, 5n, 0n, 9n)).toBeUndefined();
    expect(reader.isOpen()).toBe(false);
  });

  it('drops what was fetched before the partitions were shared out anew', async () => {
    const { reader, handled } = reading();
    reader.place(reader.ticket(), 5n, 0n, 9n);
    const old = reader.ticket();
    reader.shut();
    reader.place(reader.ticket(), 5n, 0n, 9n);
    expect(await reader.handle(old, fetched(5, 8), async () => 0n)).toBeUndefined();
    expect(handled).toEqual([]);
  });

  it('finishes the batch in hand when it is shut, and does not go on from there by itself', async () => {
    const made = reading({ during: async () => made.reader.shut() });
    made.reader.place(made.reader.ticket(), 0n, 0n, 900n);
    expect(await made.handle(fetched(0, 500))).toBeUndefined();
    expect(made.handled).toHaveLength(1);
    expect(made.reader.needsPosition()).toBe(true);
  });

  it('tells the handler when the partition is taken away', async () => {
    let told = false;
    const reader = new KafkaBusReader(at, {
      onBatch: async (_batch, signal) => {
        reader.stop();
        told = signal.aborted;
      },
    });
    reader.place(reader.ticket(), 0n, 0n, 900n);
    expect(await reader.handle(reader.ticket(), fetched(0, 500), async () => 0n)).toBeUndefined();
    expect(told).toBe(true);
  });

  it('hands on at most 200 records and about 2 MB at a time', async () => {
    const { reader, handle, handled } = reading();
    reader.place(reader.ticket(), 0n, 0n, 900n);
    await handle(fetched(0, 450));
    await handle(fetched(450, 456, 'x'.repeat(900_000)));
    expect(handled.map((b) => b.records.length)).toEqual([200, 200, 50, 3, 3]);
  });

  it('reads headers as text, of several of one name the last', async () => {
    const { reader, handle, handled } = reading();
    reader.place(reader.ticket(), 0n, 0n, 9n);
    await handle(fetched(0, 1));
    expect(handled[0]?.records[0].headers).toEqual({ ce_id: 'id-0', twice: 'last' });
  });
});
