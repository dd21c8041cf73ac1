import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';
import { Pool } from 'pg';
import { makeTopics, PARTITIONS } from '../outage-events';

const HOPS = 3;

/** The floor of a chain over a bus: send, receive, commit one row, send on; three times. All of it in this process. */
export class BareHops {
  private readonly arrived = new Map<string, () => void>();
  private sent = 0;

  private constructor(
    private readonly topics: readonly string[],
    private readonly producer: Producer,
    private readonly consumers: Consumer[],
    private readonly pool: Pool,
    private readonly database: FreshDatabase,
  ) {}

  static async open(brokers: readonly string[], prefix: string): Promise<BareHops> {
    const topics = Array.from({ length: HOPS }, (_, hop) => `${prefix}hop.${hop + 1}`);
    await makeTopics(
      brokers,
      topics.map((name) => ({ name, shape: 'state', partitions: PARTITIONS })),
    );
    const database = await freshDatabase();
    await database.query(
      'create table hop (hop int not null, key text not null, data jsonb not null, primary key (hop, key))',
    );
    const pool = new Pool({ connectionString: database.ownerUrl, max: HOPS });
    const client = new Kafka({ brokers: [...brokers], clientId: 'bench-hops', logLevel: logLevel.NOTHING });
    const producer = client.producer();
    await producer.connect();
    const hops = new BareHops(topics, producer, [], pool, database);
    for (const hop of topics.keys()) hops.consumers.push(await hops.listen(client, hop, `${prefix}hops.${hop + 1}`));
    return hops;
  }

  /** Gives ms from the first send to the last commit. */
  async one(value: object): Promise<number> {
    const key = `outage-${++this.sent}`;
    const end = new Promise<void>((done) => this.arrived.set(key, done));
    const started = performance.now();
    await this.send(0, key, JSON.stringify(value));
    await end;
    return performance.now() - started;
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.disconnect()));
    await this.producer.disconnect();
    await this.pool.end();
    await this.database.drop();
  }

  private async send(hop: number, key: string, value: string): Promise<void> {
    await this.producer.send({ topic: this.topics[hop] as string, acks: -1, messages: [{ key, value }] });
  }

  private async listen(client: Kafka, hop: number, groupId: string): Promise<Consumer> {
    const consumer = client.consumer({ groupId, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [this.topics[hop] as string], fromBeginning: true });
    const joined = new Promise<void>((done) => consumer.on(consumer.events.GROUP_JOIN, () => done()));
    await consumer.run({
      eachMessage: async ({ message }) => {
        const [key, value] = [message.key?.toString() ?? '', message.value?.toString() ?? ''];
        await this.pool.query({
          name: 'hop',
          text: 'insert into hop (hop, key, data) values ($1, $2, $3)',
          values: [hop, key, value],
        });
        if (hop + 1 < HOPS) await this.send(hop + 1, key, value);
        else this.arrived.get(key)?.();
      },
    });
    await joined;
    return consumer;
  }
}
