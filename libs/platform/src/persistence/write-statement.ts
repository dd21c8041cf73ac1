import { json, type Row } from './row';
import type { Actor } from './actor';
import type { FactRows } from './subject-table';

/** One row of the outbox: an event as it will stand on the bus. */
export interface OutboxRow {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A subject before and after, as the statement needs it. */
export interface SubjectWrite {
  readonly row: Row;
  readonly auditKey: string;
  readonly versionBefore: number;
  readonly versionAfter: number;
  readonly facts: readonly string[];
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const list = (columns: readonly string[], prefix = ''): string => columns.map((c) => `${prefix}${c}`).join(', ');

/**
 * One statement that writes subjects, their fact rows, their outbox rows and their audit rows. It returns `written`, the
 * number of subject rows: fewer than asked for means that another transaction was first to insert one.
 */
export const writeStatement = (
  table: string,
  keyColumns: readonly string[],
  writes: readonly SubjectWrite[],
  extras: readonly FactRows[],
  outbox: readonly OutboxRow[],
  actor: Actor,
  at: number,
): Statement => {
  const columns = Object.keys(writes[0]?.row ?? {});
  const settable = columns.filter((c) => !keyColumns.includes(c));
  const values: unknown[] = [];
  const param = (value: unknown): string => `$${values.push(value)}`;
  // The planner takes a set for a hundred rows, and would read a whole table to find them: one row is said to be one.
  const rowsOf = (name: string, rows: readonly Row[]): string =>
    `(select * from jsonb_populate_recordset(null::${name}, ${param(json(rows))}::jsonb)${rows.length === 1 ? ' limit 1' : ''}) as i`;

  const born = writes.filter((w) => w.versionBefore === 0);
  const known = writes.filter((w) => w.versionBefore > 0);
  const parts: string[] = [];
  const counts: string[] = [];
  if (born.length > 0) {
    parts.push(
      `inserted as (insert into ${table} (${list(columns)}) select ${list(columns)} from ${rowsOf(
        table,
        born.map((w) => w.row),
      )} on conflict do nothing returning 1)`,
    );
    counts.push('(select count(*) from inserted)');
  }
  if (known.length > 0) {
    parts.push(
      `updated as (update ${table} t set ${settable.map((c) => `${c} = i.${c}`).join(', ')} from ${rowsOf(
        table,
        known.map((w) => w.row),
      )} where ${keyColumns.map((c) => `t.${c} = i.${c}`).join(' and ')} returning 1)`,
    );
    counts.push('(select count(*) from updated)');
  }
  extras.forEach(({ table: name, rows }, index) => {
    if (rows.length === 0) return;
    const names = Object.keys(rows[0] as Row);
    parts.push(
      `extra_${index} as (insert into ${name} (${list(names)}) select ${list(names)} from ${rowsOf(name, rows)} on conflict do nothing)`,
    );
  });
  if (outbox.length > 0)
    parts.push(
      `outboxed as (insert into outbox (topic, key, headers, value) select * from unnest(${param(outbox.map((o) => o.topic))}::text[], ${param(outbox.map((o) => o.key))}::text[], ${param(outbox.map((o) => json(o.headers)))}::jsonb[], ${param(outbox.map((o) => o.value))}::text[]))`,
    );
  parts.push(
    `audited as (insert into audit (at, who, door, use_case, subject, key, version_before, version_after, facts, correlation_id, causation_id) ` +
      `select ${param(at)}::int8, ${param(actor.who)}, ${param(actor.door)}, ${param(actor.useCase)}, ${param(table)}, w.key, w.before, w.after, w.facts, ${param(actor.correlationId)}, ${param(actor.causationId ?? null)} ` +
      `from unnest(${param(writes.map((w) => w.auditKey))}::text[], ${param(writes.map((w) => w.versionBefore))}::int[], ${param(writes.map((w) => w.versionAfter))}::int[], ${param(writes.map((w) => w.facts.join(' ')))}::text[]) as w(key, before, after, facts))`,
  );
  return { text: `with ${parts.join(',\n')}\nselect ${counts.join(' + ')} as written`, values };
};
