import { performance } from 'node:perf_hooks';
import type { PoolClient } from 'pg';
import type { Clock } from '../time/clock';
import type { Actor } from './actor';
import type { Database } from './database';
import { SubjectRace, Tx } from './tx';

/** Told after a commit that wrote something for it. */
export interface Pokable {
  poke(): void;
}

/** What a transaction may have written for others: events to relay, due times, work for the service's workers. */
export type Written = 'outbox' | 'timer' | 'work';

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';
const ATTEMPTS = 5;

/** How a transaction begins. */
export interface Beginning {
  /** An advisory lock that is held shared from the first moment on, in the same round trip. */
  readonly sharing?: number;
}

/** Opens transactions: one for each request, event batch, timer or turn of a worker. */
export class UnitOfWork {
  private readonly pokables: Record<Written, Pokable[]> = { outbox: [], timer: [], work: [] };

  constructor(
    private readonly database: Database,
    readonly clock: Clock,
    /** CloudEvents `source` of everything that is told from here: `/underpin/<service>`. */
    private readonly source: string,
  ) {}

  /** Registers who is poked when a committed transaction has written something for it. */
  onCommit(what: Written, pokable: Pokable): void {
    this.pokables[what].push(pokable);
  }

  /**
   * Runs the work in one transaction: all of it is kept, or nothing. The work may run again (another writer was first,
   * deadlock), so it must have no effects beyond the transaction.
   */
  async run<T>(by: Actor, work: (tx: Tx) => Promise<T>, beginning?: Beginning): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(by, work, beginning);
      } catch (error) {
        if (attempt >= ATTEMPTS || !isWorthAnotherTry(error)) throw error;
      }
    }
  }

  /** The same without another attempt: for callers that have their own way to repeat. */
  async once<T>(by: Actor, work: (tx: Tx, client: PoolClient) => Promise<T>, { sharing }: Beginning = {}): Promise<T> {
    const started = performance.now();
    const client = await this.database.connect();
    let broken: Error | undefined;
    try {
      await client.query(
        sharing === undefined ? 'begin' : `begin; select pg_advisory_xact_lock_shared(${Math.trunc(sharing)})`,
      );
      const tx = new Tx(client, by, this.clock, this.source, sharing);
      const result = await work(tx, client);
      await client.query('commit');
      this.poke(tx);
      this.database.observe(performance.now() - started);
      return result;
    } catch (error) {
      try {
        await client.query('rollback');
      } catch (rollbackError) {
        broken = rollbackError as Error;
      }
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private poke(tx: Tx): void {
    if (tx.told) this.pokables.outbox.forEach((p) => p.poke());
    if (tx.timed) this.pokables.timer.forEach((p) => p.poke());
    if (tx.worked) this.pokables.work.forEach((p) => p.poke());
  }
}

const isWorthAnotherTry = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return error instanceof SubjectRace || code === DEADLOCK || code === SERIALIZATION_FAILURE;
};
