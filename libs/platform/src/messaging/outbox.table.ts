import type { PoolClient } from 'pg';
import type { Database } from '../persistence/database';
import type { BusRecord } from './bus';

/** A row of the outbox: an event that was committed and is to be published. */
export interface OutboxEntry extends BusRecord {
  /** Its place; int8 as text. */
  readonly pos: string;
  readonly topic: string;
}

/** A row that the bus will never take. */
export interface Refusal {
  readonly pos: string;
  readonly reason: string;
}

const CHUNK_ROWS = 500;
const CHUNK_BYTES = 900_000;

/** A row is written under its subject's row lock: of one subject, the one with the smaller `pos` was told first. */
const IN_ORDER = 'order by pos';

/** The rows that were committed first: so many, or so many bytes, and always at least one. */
const NEXT = `
  select pos, topic, key, headers, value from (
    select *, sum(octet_length(value)) over (${IN_ORDER}) - octet_length(value) as bytes_before
    from (select * from outbox ${IN_ORDER} limit ${CHUNK_ROWS}) first) sized
  where bytes_before < ${CHUNK_BYTES} ${IN_ORDER}`;

const PUT_ASIDE = `
  with gone as (delete from outbox where pos = any($1::int8[]) returning *)
  insert into outbox_refused (pos, topic, key, headers, value, reason)
  select g.pos, g.topic, g.key, g.headers, g.value, r.reason
  from gone g join unnest($1::int8[], $2::text[]) as r(pos, reason) using (pos)
  on conflict do nothing`;

/** The outbox as its relay sees it. There is no cursor: what is there is unpublished, what is published is deleted. */
export class OutboxTable {
  constructor(private readonly database: Database) {}

  /** The next chunk, read on the connection that holds the relay's lock. */
  async next(connection: PoolClient): Promise<OutboxEntry[]> {
    return (await connection.query<OutboxEntry>({ name: 'outbox-next', text: NEXT })).rows;
  }

  /** Gives the positions that were still there. */
  async delete(positions: readonly string[]): Promise<Set<string>> {
    if (positions.length === 0) return new Set();
    const gone = await this.database.query<{ pos: string }>(
      'delete from outbox where pos = any($1::int8[]) returning pos',
      [positions],
    );
    return new Set(gone.map((row) => row.pos));
  }

  /** Moves rows to `outbox_refused`, where people look after them. */
  async putAside(refused: readonly Refusal[]): Promise<void> {
    if (refused.length > 0)
      await this.database.query(PUT_ASIDE, [refused.map((r) => r.pos), refused.map((r) => r.reason)]);
  }

  /** How many events wait to be published, and how many never will be: for metrics. */
  async depth(): Promise<{ waiting: number; refused: number }> {
    const [row] = await this.database.query<{ waiting: string; refused: string }>(
      'select (select count(*) from outbox) as waiting, (select count(*) from outbox_refused) as refused',
    );
    return { waiting: Number(row?.waiting), refused: Number(row?.refused) };
  }
}
