import type { Pool } from 'pg';
import { BackOff } from './back-off';
import { haltOf, type Batch, type ConsumeOptions, type Halt, type ReceivedRecord } from './bus';
import type { Lease } from './postgres-log-leases';

const BATCH_RECORDS = 200;
const BATCH_BYTES = 2_000_000;
/** How soon a halted partition looks whether its position was moved. */
const HALT_AGAIN_MS = 2_000;

interface LogRow {
  readonly offset: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly value: string;
}

/** Reads one partition for as long as its lease is held: at most one batch at a time. */
export class PostgresLogReader {
  readonly topic: string;
  readonly partition: number;
  halt: Halt | undefined;
  /** When it last began to read, by the machine's monotonic clock. */
  readAt = 0;
  private next: bigint | null | undefined;
  private restingUntil = 0;
  private reading: Promise<void> | undefined;
  private readonly stopped = new AbortController();
  private readonly backOff = new BackOff(100, 5_000);

  constructor(
    private readonly pool: Pool,
    readonly lease: Lease,
    private readonly options: Pick<ConsumeOptions, 'onBatch' | 'onHalt'>,
  ) {
    this.topic = lease.topic;
    this.partition = lease.partition;
  }

  stop(): void {
    this.stopped.abort();
  }

  /** Resolves when no batch is being handled. */
  async idle(): Promise<void> {
    await this.reading?.catch(() => undefined);
  }

  isIdle(): boolean {
    return this.reading === undefined && this.next !== undefined && this.isRested();
  }

  /** True when the group has to be asked where to read: at first, after a failure, and now and then when halted. */
  needsPosition(): boolean {
    return this.reading === undefined && this.isRested() && (this.next === undefined || this.halt !== undefined);
  }

  place(next: bigint | null): void {
    this.next = next;
  }

  failed(): void {
    this.next = undefined;
    this.rest(this.backOff.next());
  }

  /** Whether there is something to read. A position outside of what the log has halts the partition, loudly. */
  isBehind(low: bigint, high: bigint): boolean {
    this.next ??= low;
    if (this.next < low || this.next > high) {
      this.rest(HALT_AGAIN_MS);
      if (this.halt?.next !== this.next) this.options.onHalt?.((this.halt = haltOf(this, this.next, low, high)));
      return false;
    }
    this.halt = undefined;
    return this.next < high;
  }

  /** Reads one batch and has it handled. */
  async readOnce(): Promise<void> {
    this.readAt = performance.now();
    this.reading = this.read().finally(() => (this.reading = undefined));
    await this.reading;
    this.backOff.reset();
  }

  private async read(): Promise<void> {
    // The inner limit keeps the window function from looking at the whole log; the outer one keeps a batch of large values small.
    const { rows } = await this.pool.query<LogRow>({
      name: 'read',
      text: `
        select "offset", key, headers, value from (
          select *, sum(octet_length(value)) over (order by "offset") - octet_length(value) as bytes_before from (
            select * from log where topic = $1 and p = $2 and "offset" >= $3 order by "offset" limit ${BATCH_RECORDS}) r) sized
        where bytes_before < ${BATCH_BYTES} order by "offset"`,
      values: [this.topic, this.partition, String(this.next)],
    });
    const [first, ...more] = rows.map((row) => this.received(row));
    if (first === undefined || this.stopped.signal.aborted) return;
    const batch: Batch = { topic: this.topic, partition: this.partition, records: [first, ...more] };
    await this.options.onBatch(batch, this.stopped.signal);
    this.next = (batch.records.at(-1) as ReceivedRecord).offset + 1n;
  }

  private received({ offset, key, headers, value }: LogRow): ReceivedRecord {
    return {
      topic: this.topic,
      partition: this.partition,
      offset: BigInt(offset),
      key: Buffer.from(key),
      headers,
      value: Buffer.from(value),
    };
  }

  private isRested(): boolean {
    return performance.now() >= this.restingUntil;
  }

  private rest(ms: number): void {
    this.restingUntil = performance.now() + ms;
  }
}
