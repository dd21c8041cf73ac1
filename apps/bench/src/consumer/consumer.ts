import { fromWire, type WireRecord } from '@underpin/contracts/envelope';
import { parsePayload } from '@underpin/contracts/subject';
import type { Bus } from '@underpin/platform/messaging/bus';
import { Consumer } from '@underpin/platform/messaging/consumer';
import { Hearing } from '@underpin/platform/messaging/hearing';
import { KafkaBus } from '@underpin/platform/messaging/kafka-bus';
import { listens } from '@underpin/platform/messaging/listens';
import { heardTable, heardTableDdl } from '@underpin/platform/persistence/heard-table';
import { Log } from '@underpin/platform/telemetry/logger';
import { freshKafka } from '@underpin/testing/kafka';
import { shown } from '../arithmetic';
import { compared, type Part, type Terms } from '../finding';
import { makeTopic, outageEvents, outagesOn, PARTITIONS, portionsOf } from '../outage-events';
import { platformDatabase, type PlatformDatabase } from '../platform-database';
import { profiled } from '../profile';
import { consumedBare, type Writing } from './bare-consumer';

/** The consumer with one listener that keeps a copy, against a consumer that writes a row for each message. */
export const consumer = async ({ isShort, why, say }: Terms): Promise<Part> => {
  const rounds = isShort ? 3 : 7;
  const records = outageEvents(isShort ? 6_000 : 30_000);
  const { brokers, prefix } = await freshKafka();
  const topic = `${prefix}outages`;
  await makeTopic(brokers, topic);
  const bus = new KafkaBus({ brokers, clientId: 'bench-consumer' });
  for (const portion of portionsOf(records, 500)) await bus.append(topic, portion);

  const platform = await platformDatabase([
    heardTableDdl('heard_outage'),
    'create table bare_outage (key text primary key, version int8 not null, data jsonb not null)',
  ]);
  let group = 0;
  const ours = async (): Promise<number> => consumed(platform, bus, topic, `${prefix}ours.${++group}`, records.length);
  const bare = (writing: Writing) => async (): Promise<number> => {
    await platform.fresh.query('truncate bare_outage');
    return consumedBare({
      brokers,
      topic,
      group: `${prefix}bare.${++group}`,
      url: platform.fresh.appUrl,
      count: records.length,
      writing,
    });
  };
  const sides = { ours, each: bare('row by row'), together: bare('a batch at once') };
  for (const side of Object.values(sides)) await side();

  const rates = { ours: [] as number[], each: [] as number[], together: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of ['ours', 'each', 'together'] as const) rates[name].push(await sides[name]());
    say(
      `round ${round}: ${Object.values(rates)
        .map((list) => shown(list.at(-1) as number))
        .join(', ')} messages/s`,
    );
  }
  const where = why
    ? [...readingCost(topic, records), '', 'the consumer, with a profiler:', ...(await profiled(ours))]
    : [];
  await bus.close();
  await platform.database.close();
  await platform.fresh.drop();

  const unit = 'messages/s';
  return {
    name: 'consumer',
    title: 'The consumer',
    how: [
      `${records.length.toLocaleString('en')} events of outages in ${PARTITIONS} partitions, read by a new group from the beginning. Ours checks each against its contract, keeps it in a copy if it is newer, and`,
      'moves the position, 200 messages in a transaction. The floor: kafkajs with `eachBatch`, JSON parsed and nothing checked, a row for each message and the position for each batch',
      'in one transaction; once with a statement for each row, once with one statement for all rows of a batch. The clock runs from the first batch to the last commit.',
    ],
    findings: [
      compared({
        what: 'the consumer',
        unit,
        ours: rates.ours,
        floor: rates.each,
        floorIs: 'a bare kafkajs consumer, a statement for each row',
        aim: { atLeast: 0.8 },
      }),
      compared({
        what: 'the consumer',
        unit,
        ours: rates.ours,
        floor: rates.together,
        floorIs: 'a bare kafkajs consumer, a statement for each batch',
      }),
    ],
    where,
  };
};

const consumed = async (
  { database, work, fresh }: PlatformDatabase,
  bus: KafkaBus,
  topic: string,
  group: string,
  count: number,
): Promise<number> => {
  await fresh.query('truncate heard_outage');
  const copy = heardTable({ table: 'heard_outage' });
  const hearing = new Hearing([listens(outagesOn(topic), (tx, event) => tx.hear(copy, event))], group);
  let started = 0;
  const first = (): void => void (started ||= performance.now());
  let left = count;
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  const consumer = new Consumer(
    work,
    database,
    noticing(bus, first),
    hearing,
    group,
    'bench-1',
    Log.of('bench', 'silent'),
    {
      handled: (_topic, handled) => {
        left -= handled;
        if (left === 0) done();
      },
      buried: (_topic, reason) => {
        throw new Error(`A message was put aside: ${reason}`);
      },
    },
  );
  consumer.start();
  await all;
  const ms = performance.now() - started;
  await consumer.stop();
  return (count * 1_000) / ms;
};

/** The bus, and notice of the first batch: joining a group is no part of the comparison. */
const noticing = (bus: Bus, first: () => void): Bus => ({
  append: (topic, records) => bus.append(topic, records),
  offsets: (topics) => bus.offsets(topics),
  topics: () => bus.topics(),
  close: () => bus.close(),
  consume: (options) =>
    bus.consume({
      ...options,
      onBatch: (batch, signal) => {
        first();
        return options.onBatch(batch, signal);
      },
    }),
});

/** What it costs to understand a message, without any database. */
const readingCost = (topic: string, records: readonly WireRecord[]): string[] => {
  const subject = outagesOn(topic);
  const wires = records
    .slice(0, 5_000)
    .map(({ key, headers, value }) => ({ key: Buffer.from(key), headers, value: Buffer.from(value) }));
  const micros = (work: (wire: (typeof wires)[number]) => unknown): string => {
    for (const wire of wires.slice(0, 1_000)) work(wire);
    const started = performance.now();
    for (const wire of wires) work(wire);
    return (((performance.now() - started) * 1_000) / wires.length).toFixed(1);
  };
  return [
    `JSON.parse alone: ${micros((wire) => JSON.parse(wire.value.toString()))} µs a message`,
    `envelope and JSON: ${micros((wire) => fromWire(wire))} µs a message`,
    `envelope, JSON and contract: ${micros((wire) => parsePayload(subject, fromWire(wire).data))} µs a message`,
  ];
};
