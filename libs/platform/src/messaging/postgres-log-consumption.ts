import type { Pool } from 'pg';
import { pause } from './back-off';
import { Bell } from './bell';
import { partitionName, type ConsumeOptions, type Consumption, type Halt, type TopicPartition } from './bus';
import { PostgresLogLeases } from './postgres-log-leases';
import { APPENDED, LEASES, type PostgresLogNotifications } from './postgres-log-notifications';
import { PostgresLogReader } from './postgres-log-reader';

export interface Pace {
  readonly pollMs: number;
  readonly renewMs: number;
  readonly holdMs: number;
}

/** Partitions that are worked on at the same time by one member. */
const LANES = 4;

/**
 * One member of a group. Two loops: one keeps the leases, the other looks where there is something to read (one statement for
 * all partitions) and lets a few readers work at a time, each one batch, then the next in the line.
 */
export class PostgresLogConsumption implements Consumption {
  private readonly readers = new Map<string, PostgresLogReader>();
  private readonly leases: PostgresLogLeases;
  private readonly leaseBell = new Bell();
  private readonly workBell = new Bell();
  private readonly stopping = new AbortController();
  private readonly working = new Set<Promise<void>>();
  private loops: Promise<unknown> = Promise.resolve();
  private deaf: () => void = () => undefined;
  private renewedAt = performance.now();
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly notifications: PostgresLogNotifications,
    private readonly options: ConsumeOptions,
    private readonly pace: Pace,
  ) {
    this.leases = new PostgresLogLeases(pool, options.group, options.member, options.topics, pace.holdMs);
  }

  /** Resolves when the first partitions were asked for, or when that has failed: it goes on trying. */
  async start(): Promise<void> {
    this.deaf = this.notifications.listen((channel, payload) => {
      if (channel === APPENDED && this.options.topics.includes(payload)) this.workBell.ring();
      if (channel === LEASES && payload === this.options.group) this.leaseBell.ring();
    });
    await this.keepLeases();
    this.loops = Promise.all([
      this.loop(this.leaseBell, this.pace.renewMs, () => this.keepLeases()),
      this.loop(this.workBell, this.pace.pollMs, () => this.dispatch()),
    ]);
    this.workBell.ring();
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.end());
  }

  assignment(): readonly TopicPartition[] {
    return [...this.readers.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  halts(): readonly Halt[] {
    return [...this.readers.values()].flatMap((reader) => reader.halt ?? []);
  }

  private async end(): Promise<void> {
    this.deaf();
    this.stopping.abort();
    for (const reader of this.readers.values()) reader.stop();
    this.leaseBell.ring();
    this.workBell.ring();
    await this.loops;
    while (this.working.size > 0) await Promise.all(this.working);
    const leases = [...this.readers.values()].map((reader) => reader.lease);
    this.readers.clear();
    await this.leases.leave(leases).catch((error: unknown) => this.trouble(error, 'leaving the group'));
  }

  private async loop(bell: Bell, everyMs: number, turn: () => Promise<void>): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await bell.heard(everyMs);
      if (!this.stopping.signal.aborted) await turn();
    }
  }

  private async keepLeases(): Promise<void> {
    try {
      const turn = await this.leases.turn([...this.readers.values()].map((reader) => reader.lease));
      this.renewedAt = performance.now();
      const kept = new Set(turn.kept.map(partitionName));
      for (const [name, reader] of this.readers) if (!kept.has(name)) this.drop(reader);
      if (turn.surplus.length > 0) await this.handBack(turn.surplus.map(partitionName));
      for (const lease of turn.taken)
        this.readers.set(partitionName(lease), new PostgresLogReader(this.pool, lease, this.options));
      if (turn.taken.length > 0) this.workBell.ring();
    } catch (error) {
      this.trouble(error, 'keeping the leases');
      if (performance.now() - this.renewedAt > this.pace.holdMs)
        for (const reader of this.readers.values()) this.drop(reader);
    }
  }

  private async handBack(names: readonly string[]): Promise<void> {
    const surplus = names.flatMap((name) => this.readers.get(name) ?? []);
    for (const reader of surplus) this.drop(reader);
    await Promise.all(surplus.map((reader) => reader.idle()));
    await this.leases.release(surplus.map((reader) => reader.lease));
  }

  private drop(reader: PostgresLogReader): void {
    reader.stop();
    this.readers.delete(partitionName(reader));
  }

  /** Starts readers that have something to read, as long as there is a lane. */
  private async dispatch(): Promise<void> {
    if (this.working.size >= LANES) return;
    try {
      const unplaced = [...this.readers.values()].filter((reader) => reader.needsPosition());
      if (unplaced.length > 0) await this.place(unplaced);
      for (const reader of await this.readable()) {
        if (this.working.size >= LANES) break;
        this.work(reader);
      }
    } catch (error) {
      this.trouble(error, 'looking for records');
      await pause(this.pace.pollMs, this.stopping.signal);
    }
  }

  private work(reader: PostgresLogReader): void {
    const turn = reader
      .readOnce()
      .catch((error: unknown) => {
        reader.failed();
        this.trouble(error, partitionName(reader));
      })
      .finally(() => {
        this.working.delete(turn);
        this.workBell.ring();
      });
    this.working.add(turn);
  }

  private async place(readers: readonly PostgresLogReader[]): Promise<void> {
    const asked = readers.map(({ topic, partition }) => ({ topic, partition }));
    const answers = new Map(
      (await this.options.positions(asked)).map((answer) => [partitionName(answer), answer.next]),
    );
    for (const reader of readers) reader.place(answers.get(partitionName(reader)) ?? null);
  }

  /** Readers that are behind, those that have waited longest first. */
  private async readable(): Promise<PostgresLogReader[]> {
    const idle = [...this.readers.values()].filter((reader) => reader.isIdle());
    if (idle.length === 0) return [];
    const { rows } = await this.pool.query<{ topic: string; p: number; low_offset: string; next_offset: string }>(
      `select topic, p, low_offset, next_offset from partition where topic = any($1::text[])`,
      [[...new Set(idle.map((reader) => reader.topic))]],
    );
    const ends = new Map(rows.map((row) => [partitionName({ topic: row.topic, partition: row.p }), row]));
    return idle
      .filter((reader) => {
        const end = ends.get(partitionName(reader));
        return end !== undefined && reader.isBehind(BigInt(end.low_offset), BigInt(end.next_offset));
      })
      .sort((a, b) => a.readAt - b.readAt);
  }

  private trouble(error: unknown, where: string): void {
    if (!this.stopping.signal.aborted) this.options.onTrouble?.(error, where);
  }
}
