import type { Database } from '../persistence/database';
import type { UnitOfWork } from '../persistence/unit-of-work';
import type { Actor } from '../persistence/actor';
import type { HealthCheck } from '../service/health';
import type { Log } from '../telemetry/logger';
import { conflict, notFound } from '@underpin/kernel/errors';
import { noteInAudit } from './audit-note';
import { BackOff, pause } from './back-off';
import {
  haltOf,
  partitionName,
  type Batch,
  type Bus,
  type Consumption,
  type Halt,
  type NextOffset,
  type PartitionOffsets,
  type ReceivedRecord,
  type TopicPartition,
} from './bus';
import { partitionsWithDeadLetters } from './dead-letter.table';
import { Handling, Interrupted, type HandlingObserver, type Place } from './handling';
import type { Hearing } from './hearing';
import { acceptGap, movePosition, PositionMoved, readPositions } from './positions';

/** How far a group is behind in a partition. */
export interface Lag extends TopicPartition {
  readonly position: bigint | null;
  readonly high: bigint;
  readonly lag: bigint;
}

/** Records are missing that nobody has said may be missing. */
class GapFound extends Error {
  override readonly name = 'GapFound';
}

/** One member of a service's group: reads what the service listens to, and keeps the group's positions beside its work. */
export class Consumer {
  private readonly handling: Handling;
  private readonly places = new Map<string, Place>();
  private readonly gaps = new Map<string, Halt>();
  private readonly ending = new AbortController();
  private joining: Promise<void> = Promise.resolve();
  private consumption: Consumption | undefined;
  /** The ends of the partitions when this process started; undefined: not known yet. Reached ones are taken out. */
  private barrier: PartitionOffsets[] | undefined;
  private waitsFor = 'the bus';

  constructor(
    private readonly work: UnitOfWork,
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly hearing: Hearing,
    /** The service's name. */
    private readonly group: string,
    /** The name of this process among its replicas. */
    private readonly member: string,
    private readonly log: Log,
    observer: HandlingObserver = {},
  ) {
    this.handling = new Handling(work, hearing, group, log, observer);
  }

  /** Joins the group, and tries for as long as it takes while the bus is away. */
  start(): void {
    if (this.hearing.topics.length > 0) this.joining = this.join();
    else this.barrier = [];
  }

  /** Hands the partitions back once the transactions in hand are over. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.joining;
    await this.consumption?.stop();
  }

  assignment(): readonly TopicPartition[] {
    return this.consumption?.assignment() ?? [];
  }

  /** Partitions that this member does not read on, since records are missing. */
  halts(): readonly Halt[] {
    return [...(this.consumption?.halts() ?? []), ...this.gaps.values()];
  }

  /** For each partition of the group's topics, whoever reads it. */
  async lag(): Promise<Lag[]> {
    const offsets = await this.bus.offsets(this.hearing.topics);
    const positions = await readPositions(this.database, this.group, offsets);
    return offsets.map(({ topic, partition, low, high }, index) => {
      const position = positions[index]?.next ?? null;
      return { topic, partition, position, high, lag: high - (position ?? low) };
    });
  }

  /** Ready when everything has been handled that was on the bus when this process started. */
  readonly caughtUp: HealthCheck = { name: 'events', check: () => this.behind() };

  private async behind(): Promise<string | null> {
    if (this.barrier === undefined) return this.waitsFor;
    if (this.barrier.length === 0) return null;
    const positions = await readPositions(this.database, this.group, this.barrier);
    this.barrier = this.barrier.filter(({ high }, index) => (positions[index]?.next ?? -1n) < high);
    const topics = new Set(this.barrier.map(({ topic }) => topic));
    return this.barrier.length === 0
      ? null
      : `events that were there at the start: ${this.barrier.length} partitions of ${[...topics].join(', ')}`;
  }

  /**
   * Lets the group go on in a partition although records are missing: at the first one that there is.
   *
   * @throws DomainError not-found `position.unknown-partition`, conflict `position.never-read`
   */
  async acceptGap(by: Actor, at: TopicPartition): Promise<{ readonly position: bigint }> {
    const listens = this.hearing.topics.includes(at.topic);
    const end = listens
      ? (await this.bus.offsets([at.topic])).find(({ partition }) => partition === at.partition)
      : undefined;
    if (end === undefined)
      throw notFound(
        'position.unknown-partition',
        `${this.group} does not read ${partitionName(at)}; it reads ${this.hearing.topics.join(', ')}`,
      );
    return this.work.run(by, async (tx) => {
      const [position] = await readPositions(this.database, this.group, [at]);
      const next = position?.next ?? null;
      if (next === null)
        throw conflict(
          'position.never-read',
          `${this.group} has read nothing of ${partitionName(at)}: it starts at the earliest record, and misses none`,
        );
      const outside = next < end.low || next > end.high;
      if (outside) await movePosition(tx, this.group, at, next, end.low);
      else await acceptGap(tx, this.group, at);
      await noteInAudit(
        tx,
        'position',
        `${this.group}/${partitionName(at)}`,
        outside ? `gap-accepted ${next}..${end.low}` : `gap-accepted at ${next}`,
      );
      return { position: outside ? end.low : next };
    });
  }

  private async join(): Promise<void> {
    const backOff = new BackOff(200, 5_000);
    while (!this.ending.signal.aborted && this.consumption === undefined) {
      try {
        this.barrier ??= (await this.bus.offsets(this.hearing.topics)).filter(({ low, high }) => low < high);
        this.consumption = await this.bus.consume({
          group: this.group,
          member: this.member,
          topics: this.hearing.topics,
          positions: (assigned) => this.positions(assigned),
          onBatch: (batch, signal) => this.onBatch(batch, signal),
          onHalt: (halt) => this.log.error(halt.message, { at: partitionName(halt) }),
          onTrouble: (error, where) => this.trouble(error, where),
        });
      } catch (error) {
        this.waitsFor = `the bus: ${(error as Error).message}`;
        this.trouble(error, 'joining the group');
        await pause(backOff.next(), this.ending.signal);
      }
    }
  }

  private async positions(assigned: readonly TopicPartition[]): Promise<readonly NextOffset[]> {
    const positions = await readPositions(this.database, this.group, assigned);
    const troubled = new Set(
      (await partitionsWithDeadLetters(this.database, this.group, this.hearing.topics)).map(partitionName),
    );
    for (const { topic, partition, next, gapAccepted } of positions) {
      const name = partitionName({ topic, partition });
      this.places.set(name, { topic, partition, next, gapAccepted, hasDeadLetters: troubled.has(name) });
    }
    return positions;
  }

  private async onBatch(batch: Batch, signal: AbortSignal): Promise<void> {
    const name = partitionName(batch);
    const place = this.places.get(name);
    if (place === undefined) throw new Error(`${name} was read before its position was asked for`);
    const unread = batch.records.filter(({ offset }) => place.next === null || offset >= place.next);
    const gapless = this.hearing.shapeOf(batch.topic) === 'record' ? upToGap(place, unread) : unread;
    await this.handling.handle(place, gapless, signal);
    const behindGap = unread[gapless.length];
    if (behindGap === undefined) return void this.gaps.delete(name);
    throw this.gapFound(name, place, behindGap.offset);
  }

  /** Loud once; the bus comes again, and goes on when the gap was accepted. */
  private gapFound(name: string, place: Place, found: bigint): GapFound {
    const next = place.next as bigint;
    const halt = haltOf(place, next, found, found);
    if (this.gaps.get(name)?.next !== next) this.log.error(halt.message, { at: name });
    this.gaps.set(name, halt);
    return new GapFound(halt.message);
  }

  private trouble(error: unknown, where: string): void {
    if (error instanceof Interrupted || error instanceof GapFound) return;
    if (error instanceof PositionMoved)
      this.log.info('A partition is with another member now', { where, why: error.message });
    else this.log.warn('Reading events failed and will be tried again', { err: error, where });
  }
}

/** The records that follow the position, and each other, without a gap. Only on a record topic: compaction leaves gaps in others. */
const upToGap = (place: Place, records: readonly ReceivedRecord[]): readonly ReceivedRecord[] => {
  let expected = place.gapAccepted ? null : place.next;
  for (const [index, { offset }] of records.entries()) {
    if (expected !== null && offset !== expected) return records.slice(0, index);
    expected = offset + 1n;
  }
  return records;
};
