import { CompressionTypes, type Message, type Producer } from 'kafkajs';
import { RecordRefused, type BusRecord } from './bus';
import { kafkaClient, kafkaErrorType, type KafkaBusOptions } from './kafka-bus-client';
import { partitionOf } from './partitioner';

/** One request takes at most so many bytes of keys, headers and values: below every broker's default limit for a batch. */
const CHUNK_BYTES = 900_000;
/** Below this, compressing costs more than it saves. */
const WORTH_COMPRESSING = 4_096;
/** Some three seconds where no broker is reached, under a minute where one hangs; then it is the caller's turn, who still has the records. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 };

const REFUSALS: Readonly<Record<string, RecordRefused['reason']>> = {
  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',
  INVALID_RECORD: 'malformed',
  INVALID_TOPIC_EXCEPTION: 'unknown-topic',
};

/**
 * Appends, one request at a time, by an idempotent producer: what is sent again after a lost answer is written once, and nothing
 * overtakes.
 *
 * After a failure the producer is thrown away. The broker knows a request by the producer's number and a sequence, and the client
 * would give the failed one's sequence to the next: other records, which the broker would take for a repetition and drop.
 */
export class KafkaBusProducer {
  private producer: Promise<Producer> | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(private readonly options: KafkaBusOptions) {}

  append(topic: string, records: readonly BusRecord[]): Promise<void> {
    const mine = this.turn.then(() => this.sendAll(topic, records));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.turn;
    await this.discard();
  }

  private async sendAll(topic: string, records: readonly BusRecord[]): Promise<void> {
    try {
      for (const chunk of chunksOf(records)) await this.send(topic, chunk);
    } catch (error) {
      void this.discard();
      const reason = REFUSALS[kafkaErrorType(error) ?? ''];
      throw reason === undefined ? error : new RecordRefused(reason, `${topic}: ${(error as Error).message}`);
    }
  }

  private async send(topic: string, { records, bytes }: Chunk): Promise<void> {
    if (this.isClosed) throw new Error('The bus is closed');
    const producer = await (this.producer ??= this.connected());
    const compression = bytes < WORTH_COMPRESSING ? CompressionTypes.None : CompressionTypes.GZIP;
    await producer.send({ topic, acks: -1, compression, messages: records.map(messageOf) });
  }

  private async connected(): Promise<Producer> {
    const producer = kafkaClient(this.options, this.options.clientId, RETRY).producer({
      allowAutoTopicCreation: false,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner:
        () =>
        ({ message, partitionMetadata }) =>
          partitionOf(message.key as string, partitionMetadata.length),
      retry: RETRY,
    });
    await producer.connect();
    return producer;
  }

  private async discard(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }
}

/** No timestamp: it is the broker's to give. A steered clock would make it refuse the record. */
const messageOf = ({ key, headers, value }: BusRecord): Message => ({ key, headers: { ...headers }, value });

interface Chunk {
  readonly records: BusRecord[];
  readonly bytes: number;
}

/** A chunk holds as much as one request may, and at least one record. */
const chunksOf = (records: readonly BusRecord[]): Chunk[] => {
  const chunks: { records: BusRecord[]; bytes: number }[] = [];
  for (const record of records) {
    const bytes = sizeOf(record);
    const last = chunks.at(-1);
    if (last === undefined || last.bytes + bytes > CHUNK_BYTES) chunks.push({ records: [record], bytes });
    else {
      last.records.push(record);
      last.bytes += bytes;
    }
  }
  return chunks;
};

const sizeOf = ({ key, headers, value }: BusRecord): number =>
  Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(text), 0) +
  Buffer.byteLength(key) +
  Buffer.byteLength(value);
