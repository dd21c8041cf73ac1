import { randomUUID } from 'node:crypto';
import type { UnitOfWork } from '../persistence/unit-of-work';
import type { Log } from '../telemetry/logger';
import { BackOff, pause } from './back-off';
import { partitionName, type ReceivedRecord, type TopicPartition } from './bus';
import { bury, supersede, type Problem } from './dead-letter.table';
import { detailOf, reasonFor, verdictOn } from './failure';
import type { Hearing, Understood } from './hearing';
import type { Heard } from './listens';
import { movePosition } from './positions';

/** Told what becomes of messages: for metrics. */
export interface HandlingObserver {
  handled?(topic: string, count: number, milliseconds: number): void;
  buried?(topic: string, reason: string): void;
}

/** Where this member reads in a partition: moves with each commit. */
export interface Place extends TopicPartition {
  next: bigint | null;
  gapAccepted: boolean;
  /** Whether dead letters of this partition wait: a newer version may make them obsolete. */
  hasDeadLetters: boolean;
}

/** The partition was taken away, or the process ends, before everything was handled. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const ATTEMPTS = 5;
const MOST_MESSAGES = 200;
const TRANSACTION_MS = 200;

/**
 * Handles messages of one partition, many in one transaction, with the position. When one of them fails, halves the lot until it is
 * found: it alone is tried again, and then put aside, so that nothing waits behind it.
 */
export class Handling {
  /** How many messages a transaction takes, per topic: fewer where they take long. */
  private readonly sizes = new Map<string, number>();

  constructor(
    private readonly work: UnitOfWork,
    private readonly hearing: Hearing,
    private readonly group: string,
    private readonly log: Log,
    private readonly observer: HandlingObserver = {},
  ) {}

  /**
   * Handles all of these records, in their order.
   *
   * @throws PositionMoved when another member has the partition, Interrupted, or what the database says when it is away
   */
  async handle(place: Place, records: readonly ReceivedRecord[], signal: AbortSignal): Promise<void> {
    for (let from = 0; from < records.length;) {
      const lot = records.slice(from, from + (this.sizes.get(place.topic) ?? MOST_MESSAGES));
      await this.take(place, lot, signal);
      from += lot.length;
    }
  }

  private async take(place: Place, lot: readonly ReceivedRecord[], signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Interrupted(`${partitionName(place)} was taken away`);
    try {
      await this.apply(
        place,
        lot,
        lot.map((record) => this.hearing.understand(record)),
      );
    } catch (error) {
      const verdict = verdictOn(error);
      if (verdict === 'not-ours' || verdict === 'away') throw error;
      const [first, ...others] = lot as [ReceivedRecord, ...ReceivedRecord[]];
      if (others.length === 0) return this.retry(place, first, error, signal);
      const half = Math.ceil(lot.length / 2);
      await this.take(place, lot.slice(0, half), signal);
      await this.take(place, lot.slice(half), signal);
    }
  }

  /** A message that has failed alone: a few attempts where that may help, outside of any transaction, then a dead letter. */
  private async retry(place: Place, record: ReceivedRecord, failure: unknown, signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(50, 2_000);
    let error = failure;
    for (let attempts = 1; ; attempts++) {
      const verdict = verdictOn(error);
      if (verdict === 'not-ours' || verdict === 'away') throw error;
      if (verdict === 'final' || attempts >= ATTEMPTS)
        return this.apply(place, [record], [{ reason: reasonFor(error), detail: detailOf(error), attempts }]);
      await pause(backOff.next(), signal);
      if (signal.aborted) throw new Interrupted(`${partitionName(place)} was taken away`);
      try {
        return await this.apply(place, [record], [this.hearing.understand(record)]);
      } catch (again) {
        error = again;
      }
    }
  }

  /** One transaction: the position first, then each message, be it handled or put aside. */
  private async apply(
    place: Place,
    lot: readonly ReceivedRecord[],
    understood: readonly (Understood | Problem)[],
  ): Promise<void> {
    const started = performance.now();
    const next = (lot.at(-1) as ReceivedRecord).offset + 1n;
    const by = { who: this.group, door: 'event', useCase: 'Consumer.handle', correlationId: randomUUID() } as const;
    await this.work.run(by, async (tx) => {
      await movePosition(tx, this.group, place, place.next, next);
      for (const [index, what] of understood.entries()) {
        if ('event' in what) await this.hearing.handle(tx, what.event);
        else await bury(tx, this.group, lot[index] as ReceivedRecord, what);
      }
      if (place.hasDeadLetters && this.hearing.shapeOf(place.topic) === 'state')
        await supersede(tx, this.group, newestOf(understood));
    });
    place.next = next;
    place.gapAccepted = false;
    this.tell(place, lot, understood, performance.now() - started);
  }

  private tell(
    place: Place,
    lot: readonly ReceivedRecord[],
    understood: readonly (Understood | Problem)[],
    ms: number,
  ): void {
    const size = this.sizes.get(place.topic) ?? MOST_MESSAGES;
    const fitting =
      ms > TRANSACTION_MS ? Math.floor((lot.length * TRANSACTION_MS) / ms) : ms < TRANSACTION_MS / 4 ? size * 2 : size;
    this.sizes.set(place.topic, Math.min(MOST_MESSAGES, Math.max(1, fitting)));
    this.observer.handled?.(place.topic, lot.length, ms);
    for (const [index, what] of understood.entries()) {
      if ('event' in what) continue;
      place.hasDeadLetters = true;
      const { offset, key } = lot[index] as ReceivedRecord;
      const { reason, detail } = what;
      this.observer.buried?.(place.topic, reason);
      this.log.error('A message could not be handled: it is a dead letter', {
        at: partitionName(place),
        offset: offset.toString(),
        key: key?.toString(),
        reason,
        detail,
      });
    }
  }
}

const newestOf = (understood: readonly (Understood | Problem)[]): Heard[] =>
  understood.flatMap((what) => ('event' in what ? [what.event] : []));
