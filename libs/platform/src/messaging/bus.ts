/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A record to be appended. The key chooses the partition: records of one key keep their order. */
export interface BusRecord {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A record as it is read. Whoever may write to the bus may have written anything: key and value are bytes, or missing. */
export interface ReceivedRecord extends TopicPartition {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
}

/** Records of one partition, in the order of their offsets. Offsets may have gaps where the topic is compacted. */
export interface Batch extends TopicPartition {
  readonly records: readonly [ReceivedRecord, ...ReceivedRecord[]];
}

/** The offset to read next in a partition; `null` where the group has never read it: then from the earliest there is. */
export interface NextOffset extends TopicPartition {
  readonly next: bigint | null;
}

/** `low` is the first offset still there, `high` the one that the next record will get: `[low, high)`. */
export interface PartitionOffsets extends TopicPartition {
  readonly low: bigint;
  readonly high: bigint;
}

/** A partition that is not read on, since records that the group has not seen are gone. Nothing is skipped silently. */
export interface Halt extends TopicPartition {
  readonly next: bigint;
  readonly low: bigint;
  readonly message: string;
}

export interface ConsumeOptions {
  /** Members of one group share the partitions; groups do not see each other. */
  readonly group: string;
  readonly topics: readonly string[];
  /** Name of this process within the group. A restarted process that keeps its name takes up its partitions at once. */
  readonly member: string;
  /**
   * Where to start in each of these partitions. Asked whenever partitions are given to this member, and for one partition
   * again after `onBatch` has failed on it. The consumer keeps its positions in its own database; the bus keeps none.
   */
  readonly positions: (assigned: readonly TopicPartition[]) => Promise<readonly NextOffset[]>;
  /**
   * Handles a batch: at most one at a time for each partition. The signal says that the partition was taken away or the
   * consumption stops. When it fails, the bus waits, asks for the position again and goes on from there.
   */
  readonly onBatch: (batch: Batch, signal: AbortSignal) => Promise<void>;
  /** Told once when a partition is halted. It goes on when its position has been moved to where records are. */
  readonly onHalt?: (halt: Halt) => void;
  /** Told of every failure that the bus lives through: broker away, batch failed. For logs. */
  readonly onTrouble?: (error: unknown, where: string) => void;
}

export interface Consumption {
  /** Hands the partitions back. Resolves when no `onBatch` runs any more. */
  stop(): Promise<void>;
  /** The partitions that this member reads at the moment. */
  assignment(): readonly TopicPartition[];
  halts(): readonly Halt[];
}

/**
 * The event bus, as the platform needs it: four verbs. There is no commit: positions live in the consumer's database and
 * move in the transaction that holds the work.
 *
 * Promised by every implementation: records of one key stay in the order in which one producer appended them; each record is
 * delivered at least once; a record is read only after every earlier one of its partition can be read. Nothing is promised
 * across partitions or topics.
 */
export interface Bus {
  /**
   * Appends in the order given. Resolves when all records are kept safely.
   * @throws RecordRefused when one of them can never be appended (too large, no such topic); none may have been appended, or some
   */
  append(topic: string, records: readonly BusRecord[]): Promise<void>;
  consume(options: ConsumeOptions): Promise<Consumption>;
  /** @throws RecordRefused when there is no such topic */
  offsets(topics: readonly string[]): Promise<readonly PartitionOffsets[]>;
  topics(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What the bus will never take, however often it is offered. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';

  constructor(
    readonly reason: 'too-large' | 'unknown-topic' | 'malformed',
    message: string,
  ) {
    super(message);
  }
}

/** `state` topics keep the newest version of each key, `record` topics keep everything for a time. */
export type TopicShape = 'state' | 'record';

/** A topic that is to exist. */
export interface TopicDeclaration {
  readonly name: string;
  readonly shape: TopicShape;
  readonly partitions: number;
  /** How long records are kept, in milliseconds; only for `record`. */
  readonly retentionMs?: number;
}

export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** A group would read at `next`, which is outside of what the bus has, `[low, high]`. The same sentences on every bus. */
export const haltOf = (at: TopicPartition, next: bigint, low: bigint, high: bigint): Halt => {
  const { topic, partition } = at;
  const why =
    next < low
      ? `everything before ${low} is gone. Resync needed: let the owner re-emit, then accept the gap.`
      : `the bus ends at ${high}: it has lost records, or is another one. Resync needed: let the owner re-emit, then accept the gap.`;
  return {
    topic,
    partition,
    next,
    low,
    message: `${partitionName(at)}: this group would read offset ${next}, but ${why}`,
  };
};
