import { Pool } from 'pg';
import {
  RecordRefused,
  type Bus,
  type BusRecord,
  type ConsumeOptions,
  type Consumption,
  type PartitionOffsets,
} from './bus';
import { refuseUnfit } from './largest-value';
import { partitionOf } from './partitioner';
import { PostgresLogConsumption } from './postgres-log-consumption';
import { APPENDED, PostgresLogNotifications } from './postgres-log-notifications';
import { sweep, type SweepOptions } from './postgres-log-retention';
import { MACHINE_NOW } from './tables.sql';

export interface PostgresLogOptions {
  /** Connection to the bus database, with the running role of the service. */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly poolSize?: number;
  /** How often readers look by themselves, for notifications that were lost. */
  readonly pollMs?: number;
  /** How often leases are renewed, and after which silence of their holder they are free. */
  readonly renewMs?: number;
  readonly holdMs?: number;
  /** How often this process offers to delete what nobody needs any more. */
  readonly sweepMs?: number;
}

/** NUL cannot be kept in text or jsonb; a code of SQLSTATE class 22 is the record's fault, not the server's. */
const isMalformed = (error: unknown): boolean => /^22/.test(String((error as { code?: string }).code));

/**
 * Appends to one topic in one statement. The rows of the partitions are locked in their order, so that two who append never
 * wait for each other in a circle; whoever holds a partition's row gives out its offsets, and nobody sees an offset before all
 * earlier ones are committed.
 */
const APPEND = `
  with told as (
    select * from unnest($2::int[], $3::text[], $4::jsonb[], $5::text[]) with ordinality as r(p, key, headers, value, n)),
  locked as (
    select p, next_offset from partition where topic = $1 and p in (select p from told) order by p for no key update),
  placed as (
    select l.next_offset + row_number() over (partition by t.p order by t.n) - 1 as "offset", t.* from told t join locked l using (p)),
  moved as (
    update partition as o set next_offset = c.last + 1
    from (select p, max("offset") as last from placed group by p) c where o.topic = $1 and o.p = c.p),
  written as (
    insert into log (topic, p, "offset", key, headers, value, appended_at)
    select $1, p, "offset", key, headers, value, ${MACHINE_NOW} from placed order by n returning 1)
  select count(*)::int as count, pg_notify('${APPENDED}', $1) from written`;

/** The bus on one machine: a log in a PostgreSQL database, with the promises of Kafka and one process less to run. */
export class PostgresLog implements Bus {
  private readonly pool: Pool;
  private readonly notifications: PostgresLogNotifications;
  private readonly partitions = new Map<string, number>();
  private readonly consumptions = new Set<Consumption>();
  private readonly sweeper: NodeJS.Timeout;
  private sweeping: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: PostgresLogOptions) {
    this.pool = new Pool({
      connectionString: options.url,
      application_name: options.applicationName,
      max: options.poolSize ?? 3,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
      keepAlive: true,
    });
    this.pool.on('error', () => undefined); // an idle connection that breaks: the next query opens another
    this.notifications = new PostgresLogNotifications(options.url, options.applicationName);
    // What fails here is tried again the next time, by this process or another.
    const offer = (): void => void (this.sweeping = this.sweep().catch(() => undefined));
    this.sweeper = setInterval(offer, options.sweepMs ?? 300_000).unref();
  }

  async append(topic: string, records: readonly BusRecord[]): Promise<void> {
    if (records.length === 0) return;
    records.forEach(refuseUnfit);
    const partitions = await this.partitionsOf(topic);
    const values = [
      topic,
      records.map((r) => partitionOf(r.key, partitions)),
      records.map((r) => r.key),
      records.map((r) => JSON.stringify(r.headers)),
      records.map((r) => r.value),
    ];
    try {
      await this.pool.query({ name: 'append', text: APPEND, values });
    } catch (error) {
      throw isMalformed(error) ? new RecordRefused('malformed', (error as Error).message) : error;
    }
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    await this.offsets(options.topics); // a topic that does not exist is refused now, not found out later
    const { pollMs = 500, renewMs = 3_000, holdMs = 10_000 } = this.options;
    const consumption = new PostgresLogConsumption(this.pool, this.notifications, options, { pollMs, renewMs, holdMs });
    this.consumptions.add(consumption);
    await consumption.start();
    return consumption;
  }

  async offsets(topics: readonly string[]): Promise<readonly PartitionOffsets[]> {
    const { rows } = await this.pool.query<{ topic: string; p: number; low_offset: string; next_offset: string }>(
      `select topic, p, low_offset, next_offset from partition where topic = any($1::text[]) order by topic, p`,
      [topics],
    );
    const known = new Set(rows.map((row) => row.topic));
    const unknown = topics.filter((topic) => !known.has(topic));
    if (unknown.length > 0) throw new RecordRefused('unknown-topic', `The log has no topic ${unknown.join(', ')}`);
    return rows.map((row) => ({
      topic: row.topic,
      partition: row.p,
      low: BigInt(row.low_offset),
      high: BigInt(row.next_offset),
    }));
  }

  async topics(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ name: string }>('select name from topic order by name');
    return rows.map((row) => row.name);
  }

  /** Deletes what nobody needs any more: offered from time to time by every process, done by one of them. */
  sweep(options?: SweepOptions): Promise<number> {
    return sweep(this.pool, options);
  }

  /** Ends the consumptions that were not stopped, and all connections. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await this.sweeping;
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()));
    await this.notifications.close();
    await this.pool.end();
  }

  private async partitionsOf(topic: string): Promise<number> {
    const known = this.partitions.get(topic);
    if (known !== undefined) return known;
    const count = (await this.offsets([topic])).length;
    this.partitions.set(topic, count);
    return count;
  }
}
