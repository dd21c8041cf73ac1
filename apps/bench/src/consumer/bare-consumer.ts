import { Kafka, logLevel, type KafkaMessage } from 'kafkajs';
import { Pool, type PoolClient } from 'pg';

/** A statement for each row, or one for all rows of a batch. */
export type Writing = 'row by row' | 'a batch at once';

export interface BareConsumption {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
  readonly url: string;
  readonly count: number;
  readonly writing: Writing;
}

const ROW =
  'insert into bare_outage (key, version, data) values ($1, $2, $3) on conflict (key) do update set version = excluded.version, data = excluded.data';
const ROWS = `
  insert into bare_outage (key, version, data) select * from unnest($1::text[], $2::int8[], $3::jsonb[])
  on conflict (key) do update set version = excluded.version, data = excluded.data`;
const POSITION = `
  insert into position (group_name, topic, partition, next) values ($1, $2, $3, $4)
  on conflict (group_name, topic, partition) do update set next = excluded.next`;

/** The floor of the consumer. Gives messages a second, from the first batch to the last commit. */
export const consumedBare = async ({
  brokers,
  topic,
  group,
  url,
  count,
  writing,
}: BareConsumption): Promise<number> => {
  const pool = new Pool({ connectionString: url, max: 1 });
  const consumer = new Kafka({ brokers: [...brokers], clientId: 'bench-bare', logLevel: logLevel.NOTHING }).consumer({
    groupId: group,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let started = 0;
  let left = count;
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  const write = writing === 'row by row' ? rowByRow : batchAtOnce;
  await consumer.run({
    eachBatch: async ({ batch: { partition, messages } }) => {
      started ||= performance.now();
      const client = await pool.connect();
      await client.query('begin');
      await write(client, messages);
      const next = BigInt(messages.at(-1)?.offset ?? 0) + 1n;
      await client.query({ name: 'position', text: POSITION, values: [group, topic, partition, next] });
      await client.query('commit');
      client.release();
      left -= messages.length;
      if (left === 0) done();
    },
  });
  await all;
  const ms = performance.now() - started;
  await consumer.disconnect();
  await pool.end();
  return (count * 1_000) / ms;
};

const versionOf = ({ headers }: KafkaMessage): string => headers?.['ce_subjectversion']?.toString() ?? '0';
const keyOf = ({ key }: KafkaMessage): string => key?.toString() ?? '';
/** Parsed and written again, as a consumer does that looks at what it keeps. */
const dataOf = ({ value }: KafkaMessage): string => JSON.stringify(JSON.parse(value?.toString() ?? 'null'));

const rowByRow = async (client: PoolClient, messages: readonly KafkaMessage[]): Promise<void> => {
  for (const message of messages)
    await client.query({ name: 'row', text: ROW, values: [keyOf(message), versionOf(message), dataOf(message)] });
};

const batchAtOnce = async (client: PoolClient, messages: readonly KafkaMessage[]): Promise<void> => {
  await client.query({
    name: 'rows',
    text: ROWS,
    values: [messages.map(keyOf), messages.map(versionOf), messages.map(dataOf)],
  });
};
