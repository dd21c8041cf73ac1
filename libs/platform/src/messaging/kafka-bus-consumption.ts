import { pause, within } from './back-off';
import { Bell } from './bell';
import {
  partitionName,
  type ConsumeOptions,
  type Consumption,
  type Halt,
  type PartitionOffsets,
  type TopicPartition,
} from './bus';
import type { KafkaBusOptions } from './kafka-bus-client';
import { KafkaBusMember, type FetchedBatch } from './kafka-bus-member';
import { KafkaBusReader } from './kafka-bus-reader';
import { Lanes } from './lanes';

/** Partitions that are worked on at the same time by one member. */
const LANES = 4;
/** How long the client waits for the work on what it has fetched, before it goes on with the other partitions. */
const PATIENCE_MS = 50;
/** How often it is looked whether a reader has rested enough. */
const LOOK_MS = 200;
/** How often Kafka is told the positions, for those who look at the lag there. */
const SHOW_MS = 1_000;

/**
 * Reads as one member of a group. The member brings what is fetched; each partition has a reader that lets through what goes on from
 * the group's position; one loop asks for the positions of those that have none.
 */
export class KafkaBusConsumption implements Consumption {
  private readonly readers = new Map<string, KafkaBusReader>();
  private readonly member: KafkaBusMember;
  private readonly lanes = new Lanes(LANES);
  private readonly bell = new Bell();
  private readonly stopping = new AbortController();
  /** By partition: one that comes back to this member waits until its last work from before has ended. */
  private readonly working = new Map<string, Promise<void>>();
  private readonly moved = new Map<string, TopicPartition & { readonly next: bigint }>();
  private loops: Promise<unknown> = Promise.resolve();
  private stopped: Promise<void> | undefined;

  constructor(
    options: KafkaBusOptions,
    private readonly consume: ConsumeOptions,
    private readonly offsets: (topics: readonly string[]) => Promise<readonly PartitionOffsets[]>,
  ) {
    this.member = new KafkaBusMember(options, consume, {
      assigned: (partitions) => this.take(partitions),
      lost: () => this.take([]),
      fetched: (batch) => this.fetched(batch),
      trouble: (error, where) => this.trouble(error, where),
    });
  }

  /** Resolves when the first partitions were given, or when that has failed: it goes on trying. */
  async start(): Promise<void> {
    this.loops = Promise.all([this.placeReaders(), this.showPositions()]);
    await this.member.start();
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.end());
  }

  assignment(): readonly TopicPartition[] {
    if (this.member.isSilent()) return [];
    return [...this.readers.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  halts(): readonly Halt[] {
    return [...this.readers.values()].flatMap((reader) => reader.halt ?? []);
  }

  private async end(): Promise<void> {
    this.stopping.abort();
    for (const reader of this.readers.values()) {
      this.member.pause(reader);
      reader.stop();
    }
    this.bell.ring();
    await this.loops;
    while (this.working.size > 0) await Promise.all(this.working.values());
    await within(SHOW_MS, this.show());
    await this.member.stop();
    this.readers.clear();
  }

  /** These are the partitions from now on. What goes on being ours is placed anew as well. */
  private take(partitions: readonly TopicPartition[]): void {
    const names = new Set(partitions.map(partitionName));
    for (const [name, reader] of this.readers)
      if (!names.has(name)) {
        reader.stop();
        this.readers.delete(name);
        this.moved.delete(name);
      }
    if (this.stopping.signal.aborted) return;
    for (const at of partitions) {
      const known = this.readers.get(partitionName(at));
      if (known === undefined) this.readers.set(partitionName(at), new KafkaBusReader(at, this.consume));
      else known.shut();
    }
    this.bell.ring();
  }

  /** Work that takes longer than a moment goes on while the client fetches, and says that it lives: the partition is paused then. */
  private async fetched(batch: FetchedBatch): Promise<void> {
    const name = partitionName(batch);
    const reader = this.readers.get(name);
    if (reader?.isOpen() !== true || this.working.has(name)) return this.member.pause(batch);
    const ticket = reader.ticket();
    const work = this.lanes
      .run(() => this.work(reader, ticket, batch))
      .finally(() => {
        this.working.delete(name);
        if (this.readers.get(name)?.needsPosition() === true) this.bell.ring();
      });
    this.working.set(name, work);
    await within(PATIENCE_MS, work);
    if (this.working.get(name) === work) this.member.pause(batch);
  }

  private async work(reader: KafkaBusReader, ticket: number, batch: FetchedBatch): Promise<void> {
    try {
      const next = await reader.handle(ticket, batch, () => this.lowOf(reader));
      if (next === undefined) return;
      this.moved.set(partitionName(reader), { topic: reader.topic, partition: reader.partition, next });
      this.member.readFrom(reader, next);
    } catch (error) {
      this.member.pause(reader);
      this.trouble(error, partitionName(reader));
    }
  }

  private async lowOf({ topic, partition }: TopicPartition): Promise<bigint> {
    const offsets = await this.offsets([topic]);
    return offsets.find((at) => at.partition === partition)?.low ?? 0n;
  }

  private async placeReaders(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.bell.heard(LOOK_MS);
      const due = [...this.readers.values()].filter(
        (reader) => reader.needsPosition() && !this.working.has(partitionName(reader)),
      );
      if (due.length === 0 || this.stopping.signal.aborted) continue;
      try {
        await this.place(due);
      } catch (error) {
        this.trouble(error, 'asking for positions');
        await pause(LOOK_MS, this.stopping.signal);
      }
    }
  }

  private async place(readers: readonly KafkaBusReader[]): Promise<void> {
    const tickets = readers.map((reader) => reader.ticket());
    const [positions, offsets] = await Promise.all([
      this.consume.positions(readers.map(({ topic, partition }) => ({ topic, partition }))),
      this.offsets([...new Set(readers.map((reader) => reader.topic))]),
    ]);
    const answers = new Map(positions.map((answer) => [partitionName(answer), answer.next]));
    const ends = new Map(offsets.map((end) => [partitionName(end), end]));
    readers.forEach((reader, index) => {
      const end = ends.get(partitionName(reader));
      if (end === undefined) return;
      const next = reader.place(
        tickets[index] as number,
        answers.get(partitionName(reader)) ?? null,
        end.low,
        end.high,
      );
      if (next !== undefined) this.member.readFrom(reader, next);
    });
  }

  private async showPositions(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await pause(SHOW_MS, this.stopping.signal);
      if (!this.stopping.signal.aborted) await within(SHOW_MS, this.show());
    }
  }

  private async show(): Promise<void> {
    if (this.moved.size === 0) return;
    const positions = [...this.moved.values()];
    this.moved.clear();
    await this.member.show(positions);
  }

  private trouble(error: unknown, where: string): void {
    if (!this.stopping.signal.aborted) this.consume.onTrouble?.(error, where);
  }
}
