import type { Pool, PoolClient } from 'pg';
import { MACHINE_NOW } from './tables.sql';

export interface SweepOptions {
  /** Rows deleted by one statement: small, so that appends never wait long. */
  readonly chunk?: number;
  /** A state partition is swept once at least this share of what is in it was appended since the last time. */
  readonly dirtyShare?: number;
}

const SWEEP_LOCK = 727_363;

interface SweptPartition {
  readonly topic: string;
  readonly p: number;
  readonly shape: 'state' | 'record';
  readonly retention_ms: string | null;
}

/**
 * Deletes what nobody needs any more: of record topics what is older than their retention (and moves `low_offset`, so that a
 * reader who comes too late is told), of state topics what a higher version of the same key has superseded (a later record, where
 * the version is the same). One process at a time; gives the number of rows deleted.
 */
export const sweep = async (pool: Pool, { chunk = 1_000, dirtyShare = 0.5 }: SweepOptions = {}): Promise<number> => {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [SWEEP_LOCK]);
    if (rows[0]?.mine !== true) return 0;
    try {
      let deleted = 0;
      for (const partition of await dirtyPartitions(client, dirtyShare))
        deleted += await (partition.shape === 'record' ? sweepByAge : sweepSuperseded)(client, partition, chunk);
      return deleted;
    } finally {
      await client.query('select pg_advisory_unlock($1)', [SWEEP_LOCK]).catch(() => undefined);
    }
  } finally {
    client.release();
  }
};

const dirtyPartitions = async (client: PoolClient, dirtyShare: number): Promise<SweptPartition[]> => {
  const { rows } = await client.query<SweptPartition>(
    `select t.name as topic, p.p, t.shape, t.retention_ms
     from topic t join partition p on p.topic = t.name
     where case t.shape
       when 'record' then t.retention_ms is not null and p.low_offset < p.next_offset
       else p.next_offset - p.swept_to > $1::float8 * (select count(*) from log l where l.topic = p.topic and l.p = p.p) end
     order by 1, 2`,
    [dirtyShare],
  );
  return rows;
};

/** Offsets and ages grow together, so the old rows are a prefix. `low_offset` moves first: who reads meanwhile learns it in time. */
const sweepByAge = async (
  client: PoolClient,
  { topic, p, retention_ms }: SweptPartition,
  chunk: number,
): Promise<number> => {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await client.query(
      `with old as (
         select "offset", appended_at from log where topic = $1 and p = $2 order by "offset" limit $4),
       gone as (
         delete from log l using old where l.topic = $1 and l.p = $2 and l."offset" = old."offset"
           and old."offset" < coalesce((select min("offset") from old where appended_at > ${MACHINE_NOW} - $3::int8), 9223372036854775807)
         returning l."offset"),
       moved as (
         update partition set low_offset = greatest(low_offset, (select max("offset") + 1 from gone))
         where topic = $1 and p = $2 and exists (select from gone))
       select "offset" from gone`,
      [topic, p, retention_ms, chunk],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < chunk) return deleted;
  }
};

/** A version that is no number supersedes nothing and is superseded by any that is: it is a dead letter to every reader. */
const VERSION = `case when headers->>'ce_subjectversion' ~ '^[0-9]{1,19}$' then (headers->>'ce_subjectversion')::numeric else -1 end`;

const sweepSuperseded = async (client: PoolClient, { topic, p }: SweptPartition, chunk: number): Promise<number> => {
  const { rows } = await client.query<{ offset: string; superseded: boolean }>(
    `select "offset", row_number() over (partition by key order by ${VERSION} desc, "offset" desc) > 1 as superseded
     from log where topic = $1 and p = $2 order by "offset"`,
    [topic, p],
  );
  // The last record stays, whatever it is: the position of who has read everything is then the end of the log.
  const superseded = rows
    .slice(0, -1)
    .filter((row) => row.superseded)
    .map((row) => row.offset);
  for (let from = 0; from < superseded.length; from += chunk)
    await client.query(`delete from log where topic = $1 and p = $2 and "offset" = any($3::int8[])`, [
      topic,
      p,
      superseded.slice(from, from + chunk),
    ]);
  const last = rows.at(-1);
  if (last !== undefined)
    await client.query(`update partition set swept_to = $3::int8 + 1 where topic = $1 and p = $2`, [
      topic,
      p,
      last.offset,
    ]);
  return superseded.length;
};
