import { BackOff } from './back-off';
import { haltOf, type ConsumeOptions, type Halt, type ReceivedRecord, type TopicPartition } from './bus';
import type { FetchedBatch } from './kafka-bus-member';

const BATCH_RECORDS = 200;
const BATCH_BYTES = 2_000_000;
/** How soon a halted partition looks whether its position was moved. */
const HALT_AGAIN_MS = 2_000;

type Records = readonly [ReceivedRecord, ...ReceivedRecord[]];

/**
 * The gate of one partition. It is shut until the group's position is known and the client was told to read there, and lets
 * through what goes on exactly from there: at most one batch at a time.
 */
export class KafkaBusReader {
  readonly topic: string;
  readonly partition: number;
  halt: Halt | undefined;
  /** What is expected next; `undefined` while the gate is shut. */
  private next: bigint | undefined;
  /** Grows with each assignment: what was begun under an older one ends without effect on this one. */
  private term = 0;
  private restingUntil = 0;
  private readonly stopped = new AbortController();
  private readonly backOff = new BackOff(100, 5_000);

  constructor(
    at: TopicPartition,
    private readonly options: Pick<ConsumeOptions, 'onBatch' | 'onHalt'>,
  ) {
    this.topic = at.topic;
    this.partition = at.partition;
  }

  stop(): void {
    this.stopped.abort();
  }

  isOpen(): boolean {
    return this.next !== undefined && !this.stopped.signal.aborted;
  }

  /** True when the group has to be asked where to read: at first, after a failure, and now and then when halted. */
  needsPosition(): boolean {
    return this.next === undefined && performance.now() >= this.restingUntil;
  }

  /** Shuts the gate: the partitions were shared out anew, and this one may have been somebody else's in between. */
  shut(): void {
    this.term += 1;
    this.next = undefined;
    this.restingUntil = 0;
  }

  /** What is begun now takes a ticket along: it is worth nothing once the gate was shut. */
  ticket(): number {
    return this.term;
  }

  /** Opens the gate at this offset, or halts, loudly, where it is outside of what Kafka has. Gives the offset to read from. */
  place(ticket: number, position: bigint | null, low: bigint, high: bigint): bigint | undefined {
    if (!this.isGood(ticket)) return undefined;
    const next = position ?? low;
    if (next < low || next > high) {
      this.rest(HALT_AGAIN_MS);
      if (this.halt?.next !== next) this.options.onHalt?.((this.halt = haltOf(this, next, low, high)));
      return undefined;
    }
    this.halt = undefined;
    return (this.next = next);
  }

  /**
   * Has what was fetched handled, in batches of a bearable size.
   * @param lowOf asks for the first offset that is still there: a gap is compaction where it begins behind that, and a loss otherwise
   * @returns the offset to read from next, or `undefined` where the position has to be asked for
   */
  async handle(ticket: number, fetched: FetchedBatch, lowOf: () => Promise<bigint>): Promise<bigint | undefined> {
    if (!this.isGood(ticket)) return undefined;
    try {
      await this.refuseLoss(BigInt(fetched.messages[0]?.offset ?? 0), lowOf);
      for (const records of batchesOf(this, fetched)) {
        if (!this.isGood(ticket)) return undefined;
        await this.options.onBatch({ topic: this.topic, partition: this.partition, records }, this.stopped.signal);
        if (ticket === this.term) this.next = (records.at(-1) as ReceivedRecord).offset + 1n;
      }
      this.backOff.reset();
      return this.isGood(ticket) ? this.next : undefined;
    } catch (error) {
      if (ticket === this.term) {
        this.shut();
        this.rest(this.backOff.next());
      }
      throw error;
    }
  }

  /** Where the client has lost its place, it goes on from the earliest record by itself: then nothing is taken, and it is placed anew. */
  private async refuseLoss(first: bigint, lowOf: () => Promise<bigint>): Promise<void> {
    const { next } = this;
    if (next === undefined || first === next) return;
    if (first < next) throw new Error(`expected offset ${next}, was given ${first}: Kafka has no such offset any more`);
    const low = await lowOf();
    if (low > next) throw new Error(`expected offset ${next}, was given ${first}: everything before ${low} is gone`);
  }

  private isGood(ticket: number): boolean {
    return ticket === this.term && !this.stopped.signal.aborted;
  }

  private rest(ms: number): void {
    this.restingUntil = performance.now() + ms;
  }
}

function* batchesOf(at: TopicPartition, fetched: FetchedBatch): Generator<Records> {
  let records: ReceivedRecord[] = [];
  let bytes = 0;
  for (const message of fetched.messages) {
    if (records.length === BATCH_RECORDS || bytes >= BATCH_BYTES) {
      yield records as unknown as Records;
      [records, bytes] = [[], 0];
    }
    records.push(received(at, message));
    bytes += message.value?.length ?? 0;
  }
  if (records.length > 0) yield records as unknown as Records;
}

const received = (
  { topic, partition }: TopicPartition,
  { offset, key, headers, value }: FetchedBatch['messages'][number],
): ReceivedRecord => ({
  topic,
  partition,
  offset: BigInt(offset),
  key,
  headers: Object.fromEntries(
    // A header that is given more than once: the last one counts.
    Object.entries(headers ?? {}).map(([name, given]) => [
      name,
      String((Array.isArray(given) ? given.at(-1) : given) ?? ''),
    ]),
  ),
  value,
});
