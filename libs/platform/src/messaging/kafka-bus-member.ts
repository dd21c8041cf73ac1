import type { Batch, Consumer } from 'kafkajs';
import { BackOff, pause, within } from './back-off';
import type { ConsumeOptions, TopicPartition } from './bus';
import { kafkaClient, type KafkaBusOptions, type Trouble } from './kafka-bus-client';

/** A batch as the client hands it over. */
export type FetchedBatch = Batch;

/** What a member tells its consumption. */
export interface MemberEvents {
  /** These are its partitions now; none of them is fetched before `readFrom`. Called in the middle of the join: must not wait. */
  readonly assigned: (partitions: readonly TopicPartition[]) => void;
  /** It has no partitions any more, until it is assigned some again. */
  readonly lost: () => void;
  /** The client fetches nothing while this runs. Must not fail. */
  readonly fetched: (batch: FetchedBatch) => Promise<void>;
  readonly trouble: Trouble;
}

/** How long the broker keeps a fetch that finds nothing; also how long the client rests while everything is paused. */
const POLL_MS = 100;
/** Enough for half a minute without a broker: a client that gives up earlier must join anew, and wait for its own old session. */
const RETRY = { initialRetryTime: 200, maxRetryTime: 1_000, retries: 30 };
const LARGEST_FETCH = 8_388_608;
const LARGEST_FETCH_OF_PARTITION = 1_048_576;
/** All that was fetched is handed over at once: how much of it is worked on at a time is the consumption's business. */
const ALL_AT_ONCE = 100;
/** After this silence a client that has not failed is taken for stuck, and replaced. */
const STUCK_MS = 60_000;
const FAREWELL_MS = 5_000;

/** One member of a group, always joined or about to join again: whatever becomes of the client, there is a new one. */
export class KafkaBusMember {
  private consumer: Consumer | undefined;
  private heardAt = performance.now();
  private readonly stopping = new AbortController();
  private readonly stopped = new Promise<void>((resolve) =>
    this.stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  private readonly backOff = new BackOff(200, 10_000);
  private readonly sessionMs: number;
  private supervision: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: KafkaBusOptions,
    private readonly membership: Pick<ConsumeOptions, 'group' | 'member' | 'topics'>,
    private readonly on: MemberEvents,
  ) {
    this.sessionMs = options.sessionMs ?? 10_000;
  }

  /** Resolves when it has joined for the first time, or when that has failed: it goes on trying. */
  start(): Promise<void> {
    return new Promise((tried) => {
      this.supervision = this.supervise(tried);
    });
  }

  /** Leaves the group, so that the others need not wait for its session to end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.supervision;
  }

  /** True when its session may have ended without its knowing. */
  isSilent(): boolean {
    return performance.now() - this.heardAt > this.sessionMs;
  }

  pause(at: TopicPartition): void {
    this.ask((consumer) => consumer.pause([{ topic: at.topic, partitions: [at.partition] }]));
  }

  /** From now on fetches this partition, beginning with this offset. */
  readFrom(at: TopicPartition, next: bigint): void {
    this.ask((consumer) => {
      consumer.seek({ ...at, offset: next.toString() });
      consumer.resume([{ topic: at.topic, partitions: [at.partition] }]);
    });
  }

  /** Tells Kafka how far the group is: for those who look at its lag there. Nothing is ever read from it. */
  async show(positions: readonly (TopicPartition & { readonly next: bigint })[]): Promise<void> {
    const offsets = positions.map(({ topic, partition, next }) => ({ topic, partition, offset: next.toString() }));
    await this.consumer?.commitOffsets(offsets).catch(() => undefined);
  }

  /** A client between two lives refuses: then its next assignment begins from nothing anyway. */
  private ask(what: (consumer: Consumer) => void): void {
    try {
      if (this.consumer !== undefined) what(this.consumer);
    } catch (error) {
      if ((error as Error).name !== 'KafkaJSNonRetriableError') throw error;
    }
  }

  private async supervise(tried: () => void): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const consumer = (this.consumer = this.newConsumer());
      const failed = this.watch(consumer);
      const running = this.run(consumer);
      try {
        await Promise.race([running, failed, this.stopped]);
        tried();
        await Promise.race([failed, this.stopped]);
      } catch (error) {
        this.on.trouble(error, `reading as ${this.membership.member}`);
      }
      this.consumer = undefined;
      this.on.lost();
      tried();
      // A client that is still about to join cannot be stopped: it would join, and read on unseen.
      await within(
        FAREWELL_MS,
        running
          .catch(() => undefined)
          .then(() => consumer.disconnect())
          .catch(() => undefined),
      );
      if (!this.stopping.signal.aborted) await pause(this.backOff.next(), this.stopping.signal);
    }
  }

  private newConsumer(): Consumer {
    const { group, member } = this.membership;
    const heartbeatInterval = this.options.heartbeatMs ?? 1_000;
    return kafkaClient(this.options, member, RETRY, this.on.trouble).consumer({
      groupId: group,
      sessionTimeout: this.sessionMs,
      heartbeatInterval,
      rebalanceTimeout: Math.max(this.sessionMs, 10_000),
      maxWaitTimeInMs: POLL_MS,
      maxBytes: LARGEST_FETCH,
      maxBytesPerPartition: LARGEST_FETCH_OF_PARTITION,
      allowAutoTopicCreation: false,
      // The client's own restart is not used: one that has failed is replaced by a new one, whatever the failure was.
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
  }

  /** Fails when the client does, or says nothing for too long; never resolves. */
  private watch(consumer: Consumer): Promise<never> {
    const failed = new Promise<never>((_resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer.on('consumer.heartbeat', () => (this.heardAt = performance.now()));
      consumer.on('consumer.group_join', ({ payload }) => this.join(consumer, payload.memberAssignment));
      this.heardAt = performance.now();
      const looking = setInterval(() => {
        if (this.consumer !== consumer) clearInterval(looking);
        else if (performance.now() - this.heardAt > STUCK_MS) reject(new Error(`no heartbeat for ${STUCK_MS} ms`));
      }, 1_000).unref();
    });
    failed.catch(() => undefined);
    return failed;
  }

  private async run(consumer: Consumer): Promise<void> {
    await consumer.connect();
    // Where the client loses its place (offset out of range) it goes on by itself, and only logs it. From the beginning: then what
    // it reads is not what was expected, and is noticed. The other choice is the end, where nothing would ever be noticed.
    await consumer.subscribe({ topics: [...this.membership.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: ALL_AT_ONCE,
      eachBatch: ({ batch }) => this.on.fetched(batch),
    });
  }

  /**
   * The client does not wait for this, and would begin to fetch from the offsets that Kafka has: so the partitions are paused here
   * and now, in the same turn, before it can ask for anything.
   */
  private join(consumer: Consumer, assignment: Readonly<Record<string, number[]>>): void {
    if (consumer !== this.consumer) return;
    this.heardAt = performance.now();
    this.backOff.reset();
    const topics = Object.entries(assignment).map(([topic, partitions]) => ({ topic, partitions }));
    consumer.pause(topics);
    this.on.assigned(topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))));
  }
}
