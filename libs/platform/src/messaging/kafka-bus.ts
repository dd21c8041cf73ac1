import type { Admin } from 'kafkajs';
import {
  RecordRefused,
  type Bus,
  type BusRecord,
  type ConsumeOptions,
  type Consumption,
  type PartitionOffsets,
} from './bus';
import { kafkaClient, kafkaErrorType, type KafkaBusOptions } from './kafka-bus-client';
import { KafkaBusConsumption } from './kafka-bus-consumption';
import { KafkaBusProducer } from './kafka-bus-producer';
import { refuseUnfit } from './largest-value';

export type { KafkaBusOptions } from './kafka-bus-client';

const ASKING = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 };
const NO_SUCH_TOPIC = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

/** The bus at scale: Apache Kafka. Nothing of its client shows outside of these files. */
export class KafkaBus implements Bus {
  private readonly producer: KafkaBusProducer;
  private readonly consumptions = new Set<KafkaBusConsumption>();
  private readonly knownTopics = new Set<string>();
  private admin: Promise<Admin> | undefined;

  constructor(private readonly options: KafkaBusOptions) {
    this.producer = new KafkaBusProducer(options);
  }

  async append(topic: string, records: readonly BusRecord[]): Promise<void> {
    if (records.length === 0) return;
    records.forEach(refuseUnfit);
    await this.refuseUnknown([topic]);
    await this.producer.append(topic, records);
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    await this.refuseUnknown(options.topics); // a topic that does not exist is refused now, not found out later
    const consumption = new KafkaBusConsumption(this.options, options, (topics) => this.offsets(topics));
    this.consumptions.add(consumption);
    await consumption.start();
    return consumption;
  }

  async offsets(topics: readonly string[]): Promise<readonly PartitionOffsets[]> {
    await this.refuseUnknown(topics);
    const admin = await this.asking();
    const found = await Promise.all(
      [...new Set(topics)].sort().map(async (topic) =>
        (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          topic,
          partition,
          low: BigInt(low),
          high: BigInt(high),
        })),
      ),
    );
    return found.flatMap((partitions) => partitions.sort((a, b) => a.partition - b.partition));
  }

  async topics(): Promise<readonly string[]> {
    const names = await (await this.asking()).listTopics();
    return names.filter((name) => !name.startsWith('__')).sort();
  }

  /** Ends the consumptions that were not stopped, and all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()));
    await this.producer.close();
    await this.admin?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  /** Asked before the client is: it would look for a missing topic again and again, for half a minute. */
  private async refuseUnknown(topics: readonly string[]): Promise<void> {
    const unseen = topics.filter((topic) => !this.knownTopics.has(topic));
    if (unseen.length === 0) return;
    const admin = await this.asking();
    for (const topic of unseen) {
      await admin.fetchTopicMetadata({ topics: [topic] }).catch((error: unknown) => {
        if (!NO_SUCH_TOPIC.includes(kafkaErrorType(error) ?? '')) throw error;
        throw new RecordRefused('unknown-topic', `Kafka has no topic ${topic}`);
      });
      this.knownTopics.add(topic);
    }
  }

  private asking(): Promise<Admin> {
    return (this.admin ??= this.connectedAdmin().catch((error: unknown) => {
      this.admin = undefined;
      throw error;
    }));
  }

  private async connectedAdmin(): Promise<Admin> {
    const admin = kafkaClient(this.options, this.options.clientId, ASKING).admin({ retry: ASKING });
    await admin.connect();
    return admin;
  }
}
