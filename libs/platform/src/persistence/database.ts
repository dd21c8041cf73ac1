import { DataSource } from 'typeorm';
import type { Pool, PoolClient } from 'pg';

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
}

/** The service's own database, through TypeORM's DataSource. Statements are written by hand in `*.table.ts`. */
export class Database {
  private readonly source: DataSource;
  private observer: (milliseconds: number) => void = () => undefined;

  constructor(options: DatabaseOptions) {
    this.source = new DataSource({
      type: 'postgres',
      url: options.url,
      poolSize: options.poolSize ?? 8,
      applicationName: options.applicationName,
      connectTimeoutMS: 5_000,
      extra: { idleTimeoutMillis: 30_000, statement_timeout: 60_000, idle_in_transaction_session_timeout: 120_000 },
    });
  }

  async open(): Promise<void> {
    if (!this.source.isInitialized) await this.source.initialize();
    // An idle connection that the server closes must not end the process: the next query opens another.
    this.pool.on('error', () => undefined);
    // The same for one in use: its query fails, and says so.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  /** A connection of the pool: the caller releases it. */
  connect(): Promise<PoolClient> {
    return this.pool.connect();
  }

  /** Reads outside of a transaction: what a GET needs. */
  async query<R = Record<string, unknown>>(text: string, params: readonly unknown[] = []): Promise<R[]> {
    const result = await this.pool.query({ text, values: params as unknown[] });
    return result.rows as R[];
  }

  /** Is told how long each transaction took. */
  onTransaction(observer: (milliseconds: number) => void): void {
    this.observer = observer;
  }

  observe(milliseconds: number): void {
    this.observer(milliseconds);
  }

  private get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }
}
