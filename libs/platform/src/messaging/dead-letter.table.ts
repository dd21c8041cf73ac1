import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../persistence/database';
import { json } from '../persistence/row';
import type { Tx } from '../persistence/tx';
import type { TopicPartition } from './bus';
import type { RawRecord } from './hearing';
import type { Heard } from './listens';
import { MACHINE_NOW } from './tables.sql';

export type DeadLetterStatus = 'waiting' | 'redriven' | 'discarded';

/** A message that could not be handled, as it was kept. int8 columns are text. */
export interface DeadLetterRow extends TopicPartition {
  readonly id: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly headers: Record<string, string>;
  readonly value: Buffer | null;
  readonly subject_version: string | null;
  readonly superseded_by: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
  readonly status: DeadLetterStatus;
  readonly died_at: string;
  readonly settled_at: string | null;
  readonly settled_by: string | null;
  readonly settled_why: string | null;
}

export interface Problem {
  /** A stable code: `event.not-json`, `unknown-type`, `contract.violated`, `handler-failed`, or what the domain says. */
  readonly reason: string;
  readonly detail: string;
  readonly attempts?: number;
}

/** No text or jsonb column holds a NUL or half of a surrogate pair; a header of a stranger may. */
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD').toWellFormed();

const LARGEST_DETAIL = 4_000;

/** Keeps a message that could not be handled, in the transaction that moves the position past it. A replay that meets it again reopens it. */
export const bury = async (
  tx: Tx,
  group: string,
  record: RawRecord,
  { reason, detail, attempts = 1 }: Problem,
): Promise<void> => {
  const headers = Object.fromEntries(
    Object.entries(record.headers).map(([name, text]) => [storable(name), storable(text)]),
  );
  const version = headers['ce_subjectversion'] ?? '';
  await tx.query(
    `insert into dead_letter (id, group_name, topic, partition, "offset", key, headers, value, subject_version, reason, detail, attempts)
     values ($1, $2, $3, $4, $5::int8, $6, $7::jsonb, $8, $9::int8, $10, $11, $12)
     on conflict (group_name, topic, partition, "offset") do update
       set key = excluded.key, headers = excluded.headers, value = excluded.value, subject_version = excluded.subject_version, superseded_by = null,
           reason = excluded.reason, detail = excluded.detail, attempts = excluded.attempts, status = 'waiting', died_at = excluded.died_at,
           settled_at = null, settled_by = null, settled_why = null`,
    [
      uuidv7(),
      group,
      record.topic,
      record.partition,
      record.offset.toString(),
      record.key,
      json(headers),
      record.value,
      /^\d{1,18}$/.test(version) ? version : null,
      storable(reason),
      storable(detail).slice(0, LARGEST_DETAIL).toWellFormed(),
      attempts,
    ],
  );
};

/** Says of the dead letters of these subjects that a newer version has passed. */
export const supersede = async (tx: Tx, group: string, events: readonly Heard[]): Promise<void> => {
  if (events.length === 0) return;
  await tx.query(
    `update dead_letter d set superseded_by = greatest(d.superseded_by, p.version)
     from (select topic, key, max(version) as version from unnest($2::text[], $3::bytea[], $4::int8[]) as t(topic, key, version) group by topic, key) p
     where d.group_name = $1 and d.status = 'waiting' and d.topic = p.topic and d.key = p.key and coalesce(d.subject_version, -1) < p.version`,
    [group, events.map((e) => e.topic), events.map((e) => Buffer.from(e.key)), events.map((e) => e.version.toString())],
  );
};

/** Of these partitions, those with dead letters that wait. */
export const partitionsWithDeadLetters = async (
  database: Database,
  group: string,
  topics: readonly string[],
): Promise<TopicPartition[]> =>
  database.query<TopicPartition>(
    `select distinct topic, partition from dead_letter where group_name = $1 and status = 'waiting' and topic = any($2::text[])`,
    [group, topics],
  );

export interface DeadLetterFilter {
  readonly status?: DeadLetterStatus;
  readonly topic?: string;
  readonly after?: string;
  readonly limit: number;
}

/** Oldest first. */
export const listDeadLetters = async (
  database: Database,
  group: string,
  { status, topic, after, limit }: DeadLetterFilter,
): Promise<DeadLetterRow[]> =>
  database.query<DeadLetterRow>(
    `select * from dead_letter
     where group_name = $1 and ($2::text is null or status = $2) and ($3::text is null or topic = $3) and ($4::uuid is null or id > $4)
     order by id limit $5`,
    [group, status ?? null, topic ?? null, after ?? null, limit],
  );

export const findDeadLetter = async (
  database: Database,
  group: string,
  id: string,
): Promise<DeadLetterRow | undefined> =>
  (await database.query<DeadLetterRow>('select * from dead_letter where group_name = $1 and id = $2', [group, id]))[0];

/** Takes a dead letter in hand: whoever else wants to settle it waits. */
export const lockDeadLetter = async (tx: Tx, group: string, id: string): Promise<DeadLetterRow | undefined> =>
  (
    await tx.query<DeadLetterRow>('select * from dead_letter where group_name = $1 and id = $2 for update', [group, id])
  )[0];

export const settle = async (
  tx: Tx,
  id: string,
  status: DeadLetterStatus,
  why: string | null,
): Promise<DeadLetterRow> =>
  (
    await tx.query<DeadLetterRow>(
      `update dead_letter set status = $2, settled_at = ${MACHINE_NOW}, settled_by = $3, settled_why = $4 where id = $1 returning *`,
      [id, status, tx.by.who, why],
    )
  )[0] as DeadLetterRow;

/** It was tried again, and has failed again. */
export const noteFailure = async (tx: Tx, id: string, { reason, detail }: Problem): Promise<void> => {
  await tx.query(
    `update dead_letter set attempts = attempts + 1, reason = $2, detail = $3 where id = $1 and status = 'waiting'`,
    [id, storable(reason), storable(detail).slice(0, LARGEST_DETAIL).toWellFormed()],
  );
};
