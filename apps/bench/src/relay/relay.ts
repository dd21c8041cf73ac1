import type { WireRecord } from '@underpin/contracts/envelope';
import { KafkaBus } from '@underpin/platform/messaging/kafka-bus';
import { OutboxRelay } from '@underpin/platform/messaging/outbox-relay';
import { Log } from '@underpin/platform/telemetry/logger';
import { freshKafka } from '@underpin/testing/kafka';
import { CompressionTypes, Kafka, logLevel, type Producer } from 'kafkajs';
import { shown } from '../arithmetic';
import { compared, type Part, type Terms } from '../finding';
import { makeTopic, outageEvents, portionsOf } from '../outage-events';
import { platformDatabase, type PlatformDatabase } from '../platform-database';
import { profiled } from '../profile';

const BATCH = 500;

/** The relay, from a full outbox to an empty one, against a producer that sends the same records. */
export const relay = async ({ isShort, why, say }: Terms): Promise<Part> => {
  const rounds = isShort ? 3 : 9;
  const records = outageEvents(isShort ? 10_000 : 60_000);
  const { brokers, prefix } = await freshKafka();
  const topics = { ours: `${prefix}relay`, bare: `${prefix}producer`, gzip: `${prefix}producer.gzip` };
  for (const topic of Object.values(topics)) await makeTopic(brokers, topic);

  const platform = await platformDatabase();
  const bus = new KafkaBus({ brokers, clientId: 'bench-relay' });
  const producer = new Kafka({
    brokers: [...brokers],
    clientId: 'bench-producer',
    logLevel: logLevel.NOTHING,
  }).producer();
  await producer.connect();

  const ours = (some: readonly WireRecord[]): Promise<number> => emptied(platform, bus, topics.ours, some);
  const bare = (some: readonly WireRecord[]): Promise<number> =>
    sent(producer, topics.bare, some, CompressionTypes.None);
  const gzip = (some: readonly WireRecord[]): Promise<number> =>
    sent(producer, topics.gzip, some, CompressionTypes.GZIP);
  for (const each of [ours, bare, gzip]) await each(records.slice(0, 10_000));

  const rates = { ours: [] as number[], bare: [] as number[], gzip: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    rates.ours.push(await ours(records));
    rates.bare.push(await bare(records));
    rates.gzip.push(await gzip(records));
    say(
      `round ${round}: ${Object.values(rates)
        .map((list) => shown(list.at(-1) as number))
        .join(', ')} records/s`,
    );
  }
  const where = why
    ? [
        ...(await partsOf(platform, bus, topics.ours, records)),
        '',
        'the relay, with a profiler:',
        ...(await profiled(() => ours(records))),
      ]
    : [];
  await producer.disconnect();
  await bus.close();
  await platform.database.close();
  await platform.fresh.drop();

  const unit = 'records/s';
  return {
    name: 'relay',
    title: 'The relay',
    how: [
      `${records.length.toLocaleString('en')} events of outages (each ${Buffer.byteLength(records[0]?.value ?? '')} bytes and its headers) stand in the outbox; the relay reads, appends to Kafka and deletes them`,
      `until none is left. The floor sends the same records from memory, ${BATCH} at a time, all copies confirmed. The relay compresses and sends as an`,
      'idempotent producer; the bare producer, as it comes, does neither; a third column of figures lets it compress.',
    ],
    findings: [
      compared({
        what: 'the relay',
        unit,
        ours: rates.ours,
        floor: rates.bare,
        floorIs: 'a bare kafkajs producer',
        aim: { atLeast: 0.8 },
      }),
      compared({
        what: 'the relay',
        unit,
        ours: rates.ours,
        floor: rates.gzip,
        floorIs: 'a bare kafkajs producer that compresses',
      }),
    ],
    where,
  };
};

const fill = async ({ fresh }: PlatformDatabase, topic: string, records: readonly WireRecord[]): Promise<void> => {
  for (const portion of portionsOf(records, 5_000))
    await fresh.query(
      'insert into outbox (topic, key, headers, value) select $1, key, headers, value from unnest($2::text[], $3::jsonb[], $4::text[]) as r(key, headers, value)',
      [
        topic,
        portion.map((record) => record.key),
        portion.map((record) => JSON.stringify(record.headers)),
        portion.map((record) => record.value),
      ],
    );
};

/** Records a second, from the relay's start until the last one is deleted. */
const emptied = async (
  platform: PlatformDatabase,
  bus: KafkaBus,
  topic: string,
  records: readonly WireRecord[],
): Promise<number> => {
  await fill(platform, topic, records);
  let left = records.length;
  const { ms } = await timed(
    () =>
      new Promise<OutboxRelay>((done) => {
        const relaying: OutboxRelay = new OutboxRelay(
          platform.work,
          platform.database,
          bus,
          async () => undefined,
          Log.of('bench', 'silent'),
          {
            published: (_topic, count) => {
              left -= count;
              if (left === 0) done(relaying);
            },
          },
        );
        relaying.start();
      }),
    (relaying) => relaying.stop(),
  );
  return (records.length * 1_000) / ms;
};

const sent = async (
  producer: Producer,
  topic: string,
  records: readonly WireRecord[],
  compression: CompressionTypes,
): Promise<number> => {
  const batches = portionsOf(records, BATCH).map((portion) =>
    portion.map(({ key, headers, value }) => ({ key, headers: { ...headers }, value })),
  );
  const { ms } = await timed(async () => {
    for (const messages of batches) await producer.send({ topic, acks: -1, compression, messages });
  });
  return (records.length * 1_000) / ms;
};

const timed = async <T>(
  work: () => Promise<T>,
  after: (result: T) => Promise<void> = async () => undefined,
): Promise<{ ms: number }> => {
  const started = performance.now();
  const result = await work();
  const ms = performance.now() - started;
  await after(result);
  return { ms };
};

/** What the relay does, one after the other, each by itself. */
const partsOf = async (
  platform: PlatformDatabase,
  bus: KafkaBus,
  topic: string,
  records: readonly WireRecord[],
): Promise<string[]> => {
  const some = records.slice(0, 10_000);
  await fill(platform, topic, some);
  const spent = { read: 0, append: 0, delete: 0 };
  for (const portion of portionsOf(some, BATCH)) {
    let rows: { pos: string }[] = [];
    spent.read += (
      await timed(
        async () =>
          (rows = await platform.database.query(
            `select pos, topic, key, headers, value from outbox order by pos limit ${BATCH}`,
          )),
      )
    ).ms;
    spent.append += (await timed(() => bus.append(topic, portion))).ms;
    spent.delete += (
      await timed(() =>
        platform.database.query('delete from outbox where pos = any($1::int8[]) returning pos', [
          rows.map((row) => row.pos),
        ]),
      )
    ).ms;
  }
  return Object.entries(spent).map(
    ([part, ms]) => `${part} ${((ms * BATCH) / some.length).toFixed(2)} ms for ${BATCH} records`,
  );
};
