import { eventually } from '@underpin/testing/eventually';
import { LARGEST_VALUE_BYTES } from './largest-value';
import { OutboxTable } from './outbox.table';
import { lamp, LONG, type RuntimeStage } from './runtime-stage.behaviour';
import { light } from './toy-service.fixtures';

/** What is told, from a committed transaction to the consumer of another service. */
export const describeProducer = (stage: RuntimeStage): void => {
  const { open, newTopic, keepsLamps, join, relayTo, copies, query } = stage;

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
      await query('insert into outbox (pos, topic, key, headers, value) values ($1, $2, $3, $4, $5)', [
        pos,
        topic,
        key,
        headers,
        value,
      ]);
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
    await eventually(
      async () => expect(await new OutboxTable(database).depth()).toEqual({ waiting: 29, refused: 0 }),
      LONG,
    );
    near.mend();
    await eventually(async () => expect((await copies())[0]?.version).toBe('30'), LONG);
    // At least once: what was appended when the cable was cut may come again, but never out of its order.
    expect([...new Set(versions)]).toEqual(Array.from({ length: 30 }, (_, n) => BigInt(n + 1)));
    await eventually(
      async () => expect(await new OutboxTable(database).depth()).toEqual({ waiting: 0, refused: 0 }),
      LONG,
    );
  });

  it('is refused in its own transaction when it would tell more than an event may hold', async () => {
    const topic = await newTopic();
    const { work, database } = await relayTo((await open()).bus);
    await expect(light(work, topic, 'hall', 'x'.repeat(LARGEST_VALUE_BYTES))).rejects.toMatchObject({
      kind: 'too-large',
      code: 'event.too-large',
    });
    expect(await query('select * from lamp')).toEqual([]);
    expect(await new OutboxTable(database).depth()).toEqual({ waiting: 0, refused: 0 });
  });
};
