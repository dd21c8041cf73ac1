import type { PoolClient } from 'pg';
import type { Database } from '../persistence/database';
import type { UnitOfWork } from '../persistence/unit-of-work';
import type { Log } from '../telemetry/logger';
import { BackOff, pause } from './back-off';
import { Bell } from './bell';
import { RecordRefused, type Bus } from './bus';
import { OutboxTable, type OutboxEntry, type Refusal } from './outbox.table';

/** Publishes the current snapshots of these subjects again, under their locks (`Resync.reemit`). */
export type Reemit = (topic: string, keys: readonly string[]) => Promise<unknown>;

/** Told what the relay does: for metrics and alarms. */
export interface RelayObserver {
  published?(topic: string, count: number): void;
  refused?(topic: string, reason: RecordRefused['reason']): void;
}

const POLL_MS = 250;
const RELAY_LOCK = 727_364;

/** What the bus has, and what the outbox does not know yet. */
interface Unsettled {
  readonly published: readonly OutboxEntry[];
  readonly refused: readonly Refusal[];
}

/**
 * Carries what committed transactions have to tell from the outbox to the bus: in the order of `pos`, at least once. One relay of a
 * service's replicas is active; the others wait for its lock. While the bus is away the outbox grows, and writes succeed.
 */
export class OutboxRelay {
  private readonly outbox: OutboxTable;
  private readonly bell = new Bell();
  private readonly ending = new AbortController();
  private readonly backOff = new BackOff(100, 5_000);
  private running: Promise<void> = Promise.resolve();
  private unsettled: Unsettled | undefined;
  /** Keys by topic whose newest version may stand on the bus before an older one. */
  private readonly owed = new Map<string, Set<string>>();

  constructor(
    work: UnitOfWork,
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly reemit: Reemit,
    private readonly log: Log,
    private readonly observer: RelayObserver = {},
  ) {
    this.outbox = new OutboxTable(database);
    work.onCommit('outbox', this);
  }

  start(): void {
    this.running = this.run();
  }

  /** Finishes the chunk in hand. What was not published stays in the outbox. */
  async stop(): Promise<void> {
    this.ending.abort();
    this.bell.ring();
    await this.running;
  }

  /** A transaction has committed something to tell. */
  poke(): void {
    this.bell.ring();
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      let connection: PoolClient | undefined;
      try {
        connection = await this.database.connect();
        connection.on('error', () => undefined); // its next query fails, and says so
        while (!this.ending.signal.aborted && !(await isMine(connection))) await this.bell.heard(POLL_MS);
        await this.relay(connection);
      } catch (error) {
        await this.trouble(error, 'The relay lost its database');
      } finally {
        // The lock goes with the connection: it is not given back to the pool.
        connection?.release(true);
      }
    }
  }

  /** For as long as this connection lives, and with it the lock. */
  private async relay(connection: PoolClient): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.payDebts();
      const entries = await this.outbox.next(connection);
      if (entries.length === 0) {
        await this.bell.heard(POLL_MS);
        continue;
      }
      try {
        this.unsettled = await this.publish(entries);
      } catch (error) {
        await this.trouble(error, 'The bus took nothing; the outbox keeps it');
        continue;
      }
      this.backOff.reset();
    }
    await this.payDebts();
  }

  private async publish(entries: readonly OutboxEntry[]): Promise<Unsettled> {
    const refused: Refusal[] = [];
    for (const [topic, rows] of byTopic(entries)) {
      try {
        await this.bus.append(topic, rows);
      } catch (error) {
        if (!(error instanceof RecordRefused)) throw error;
        refused.push(...(await this.publishSingly(topic, rows)));
      }
    }
    const lost = new Set(refused.map((refusal) => refusal.pos));
    return { published: entries.filter((entry) => !lost.has(entry.pos)), refused };
  }

  /** One of them can never be taken: the others must not wait for it. Gives those that were refused. */
  private async publishSingly(topic: string, rows: readonly OutboxEntry[]): Promise<Refusal[]> {
    const refused: Refusal[] = [];
    for (const row of rows) {
      try {
        await this.bus.append(topic, [row]);
      } catch (error) {
        if (!(error instanceof RecordRefused)) throw error;
        refused.push({ pos: row.pos, reason: `${error.reason}: ${error.message}` });
        this.observer.refused?.(topic, error.reason);
        this.log.error('The bus will never take this event: it was put aside in outbox_refused', {
          topic,
          key: row.key,
          reason: error.reason,
          why: error.message,
        });
      }
    }
    return refused;
  }

  /**
   * Deletes what was published. A row that is gone already was published by another relay, while this one was paused: then what it
   * appended late may stand behind a newer version, and the subject is told again.
   */
  private async payDebts(): Promise<void> {
    if (this.unsettled !== undefined) {
      const { published, refused } = this.unsettled;
      await this.outbox.putAside(refused);
      const deleted = await this.outbox.delete(published.map((entry) => entry.pos));
      for (const entry of published) if (!deleted.has(entry.pos)) this.owe(entry);
      this.unsettled = undefined;
      if (this.observer.published)
        for (const [topic, rows] of byTopic(published)) this.observer.published(topic, rows.length);
    }
    for (const [topic, keys] of this.owed) {
      this.log.warn('Another relay was faster: subjects are told again', { topic, count: keys.size });
      await this.reemit(topic, [...keys]);
      this.owed.delete(topic);
    }
  }

  private owe({ topic, key }: OutboxEntry): void {
    const keys = this.owed.get(topic) ?? new Set();
    this.owed.set(topic, keys.add(key));
  }

  private async trouble(error: unknown, what: string): Promise<void> {
    if (this.ending.signal.aborted) return;
    const inMs = Math.round(this.backOff.next());
    this.log.warn(`${what}: trying again`, { err: error, inMs });
    await pause(inMs, this.ending.signal);
  }
}

const isMine = async (connection: PoolClient): Promise<boolean> => {
  const { rows } = await connection.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [RELAY_LOCK]);
  return rows[0]?.mine === true;
};

const byTopic = (entries: readonly OutboxEntry[]): Map<string, OutboxEntry[]> => {
  const topics = new Map<string, OutboxEntry[]>();
  for (const entry of entries) {
    const rows = topics.get(entry.topic);
    if (rows === undefined) topics.set(entry.topic, [entry]);
    else rows.push(entry);
  }
  return topics;
};
