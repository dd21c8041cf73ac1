import { createHash } from 'node:crypto';
import type { Decision } from '@underpin/kernel/decision';
import type { Instant } from '@underpin/kernel/time/instant';
import { subjectVersion, toBinary } from '@underpin/contracts/envelope';
import { typeOf } from '@underpin/contracts/subject';
import { v7 as uuidv7 } from 'uuid';
import type { PoolClient } from 'pg';
import type { Heard } from '../messaging/listens';
import { refuseTooLarge } from '../messaging/largest-value';
import type { Clock } from '../time/clock';
import type { Actor } from './actor';
import type { HeardTable } from './heard-table';
import { int, json, type Row } from './row';
import type { Changed, Fact, FactRows, RowVersion, SubjectTable } from './subject-table';
import { writeStatement, type OutboxRow, type SubjectWrite } from './write-statement';

/** Another transaction inserted the same subject first. The unit of work starts again and finds it there. */
export class SubjectRace extends Error {}

/** A due time to be kept: at most one for each kind and key; `null` forgets it. */
export interface TimerSetting {
  readonly key: string;
  readonly dueAt: Instant | null;
}

/** One database transaction, as use cases see it. Only the doors and the workers open one. */
export class Tx {
  /** True once an outbox row was written: the relay is poked after the commit. */
  told = false;
  /** True once a timer was set: the timers look again after the commit. */
  timed = false;
  /** True once there is work for the service's own workers: they look again after the commit. */
  worked = false;

  constructor(
    private readonly client: PoolClient,
    private actor: Actor,
    readonly clock: Clock,
    private readonly source: string,
    sharing?: number,
  ) {
    if (sharing !== undefined) this.shared.add(sharing);
  }

  private readonly shared = new Set<number>();

  /** Holds an advisory lock, shared, until the end of the transaction. */
  async share(lock: number): Promise<void> {
    if (this.shared.has(lock)) return;
    await this.query('select pg_advisory_xact_lock_shared($1)', [lock]);
    this.shared.add(lock);
  }

  get by(): Actor {
    return this.actor;
  }

  /** What follows is done in answer to another message of the same batch. */
  onBehalfOf(actor: Actor): void {
    this.actor = actor;
  }

  /** Runs one statement and gives its rows. The same text is prepared once for each connection. */
  async query<R = Row>(text: string, params: readonly unknown[] = []): Promise<R[]> {
    const result = await this.client.query({ name: statementName(text), text, values: params as unknown[] });
    return result.rows as R[];
  }

  /**
   * The only way to write a subject: locks its row (or inserts it), decides, and writes state, version + 1, outbox row and
   * audit row in one statement. A decision without facts writes nothing.
   */
  async change<K, S, F extends Fact>(
    table: SubjectTable<K, S, F>,
    key: K,
    decide: (state: S, now: Instant) => Decision<S, F>,
  ): Promise<Changed<S, F>> {
    const [changed] = await this.changeAll(table, [key], decide);
    return changed as Changed<S, F>;
  }

  /** `change()` for a set of different keys: one statement locks (in key order), one writes. Results are in the order of the keys. */
  async changeAll<K, S, F extends Fact>(
    table: SubjectTable<K, S, F>,
    keys: readonly K[],
    decide: (state: S, now: Instant, key: K) => Decision<S, F>,
  ): Promise<Changed<S, F>[]> {
    if (keys.length === 0) return [];
    const rows = await this.lock(table, keys);
    const now = this.clock.now();
    const writes: SubjectWrite[] = [];
    const outbox: OutboxRow[] = [];
    const extras = new Map<string, Row[]>();

    const results = keys.map((key): Changed<S, F> => {
      const keyRow = table.toKey(key);
      const row = rows.get(keyText(table, keyRow));
      const before = row === undefined ? table.unheardOf(key) : table.fromRow(row);
      const versionBefore = row === undefined ? 0 : int(row['version']);
      const { state, facts } = decide(before, now, key);
      if (facts.length === 0)
        return {
          state,
          facts,
          changed: false,
          version: versionBefore,
          recordedAt: row === undefined ? now : int(row['recorded_at']),
        };

      const version: RowVersion = { version: versionBefore + 1, recordedAt: now };
      const telling = table.publication?.telling(facts, state) ?? undefined;
      writes.push({
        row: {
          ...keyRow,
          ...table.toRow(state),
          version: version.version,
          recorded_at: now,
          reason: telling?.reason ?? row?.['reason'] ?? (facts[0] as F).type,
          happened_at: telling?.time ?? (row === undefined ? now : int(row['happened_at'])),
        },
        auditKey: keyText(table, keyRow),
        versionBefore,
        versionAfter: version.version,
        facts: facts.map((f) => f.type),
      });
      if (table.publication !== undefined && telling !== undefined)
        outbox.push(this.event(table, state, version, telling.reason, telling.time));
      for (const more of table.also?.({ before, after: state, facts, now }) ?? []) {
        extras.set(more.table, [...(extras.get(more.table) ?? []), ...more.rows]);
      }
      return { ...version, state, facts, changed: true };
    });

    if (writes.length > 0) {
      const more: FactRows[] = [...extras].map(([name, factRows]) => ({ table: name, rows: factRows }));
      const statement = writeStatement(table.table, table.keyColumns, writes, more, outbox, this.by, now);
      const [{ written } = { written: 0 }] = await this.query<{ written: string | number }>(
        statement.text,
        statement.values,
      );
      if (Number(written) !== writes.length) throw new SubjectRace(`${table.table}: another transaction was first`);
      this.told ||= outbox.length > 0;
    }
    return results;
  }

  /** Adds facts to an append-only table; those that are there already stay as they are. Gives the number of new rows. */
  async append(table: string, rows: readonly Row[]): Promise<number> {
    if (rows.length === 0) return 0;
    const columns = Object.keys(rows[0] as Row).join(', ');
    const inserted = await this.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb) on conflict do nothing returning 1`,
      [json(rows)],
    );
    return inserted.length;
  }

  /** Keeps the copy of another service's subject if this event is newer than what we have. True if it was. */
  async hear<P>(copy: HeardTable<P>, event: Heard<P>): Promise<boolean> {
    const columns = copy.columns?.(event.data) ?? {};
    const names = ['version', 'data', ...Object.keys(columns)];
    const row = { key: event.key, version: event.version.toString(), data: event.data, ...columns };
    const stored = await this.query(
      `insert into ${copy.table} as old (key, ${names.join(', ')}) select key, ${names.join(', ')} from jsonb_populate_record(null::${copy.table}, $1::jsonb) ` +
        `on conflict (key) do update set ${names.map((n) => `${n} = excluded.${n}`).join(', ')} where old.version < excluded.version returning 1`,
      [json(row)],
    );
    return stored.length > 0;
  }

  /** Sets, moves or (with null) forgets due times of one kind. Firing decides nothing: it reloads the truth and asks the domain. */
  async timers(kind: string, settings: readonly TimerSetting[]): Promise<void> {
    const due = settings.filter((s) => s.dueAt !== null);
    const gone = settings.filter((s) => s.dueAt === null);
    if (due.length > 0) {
      await this.query(
        `insert into timer (kind, key, due_at) select $1, key, due_at from unnest($2::text[], $3::int8[]) as t(key, due_at) ` +
          `on conflict (kind, key) do update set due_at = excluded.due_at where timer.due_at <> excluded.due_at`,
        [kind, due.map((s) => s.key), due.map((s) => s.dueAt)],
      );
      this.timed = true;
    }
    if (gone.length > 0)
      await this.query(`delete from timer where kind = $1 and key = any($2::text[])`, [kind, gone.map((s) => s.key)]);
  }

  /** Publishes the current snapshots again, under their locks and with the versions they have (resync). Gives how many there were. */
  async republish<K, S, F extends Fact>(
    table: SubjectTable<K, S, F>,
    where: string,
    params: readonly unknown[],
  ): Promise<number> {
    if (table.publication === undefined) return 0;
    const rows = await this.query(
      `select * from ${table.table} where ${where} order by ${table.keyColumns.join(', ')} for no key update`,
      params,
    );
    const events = rows.map((row) =>
      this.event(
        table,
        table.fromRow(row),
        { version: int(row['version']), recordedAt: int(row['recorded_at']) },
        row['reason'] as string,
        int(row['happened_at']),
      ),
    );
    if (events.length > 0) {
      await this.query(
        `insert into outbox (topic, key, headers, value) select * from unnest($1::text[], $2::text[], $3::jsonb[], $4::text[])`,
        [
          events.map((o) => o.topic),
          events.map((o) => o.key),
          events.map((o) => json(o.headers)),
          events.map((o) => o.value),
        ],
      );
      this.told = true;
    }
    return events.length;
  }

  private async lock<K, S, F extends Fact>(
    table: SubjectTable<K, S, F>,
    keys: readonly K[],
  ): Promise<Map<string, Row>> {
    const sorted = table.keyColumns.join(', ');
    const same = table.keyColumns.map((c) => `t.${c} = k.${c}`).join(' and ');
    // Key by key, in their order: a join would be planned for a hundred keys, and read all of a table that has grown since.
    const rows = await this.query(
      `select t.* from (select * from jsonb_populate_recordset(null::${table.table}, $1::jsonb) order by ${sorted}) k ` +
        `cross join lateral (select * from ${table.table} t where ${same} for no key update) t`,
      [json(keys.map((key) => table.toKey(key)))],
    );
    return new Map(rows.map((row) => [keyText(table, row), row]));
  }

  private event<K, S, F extends Fact>(
    table: SubjectTable<K, S, F>,
    state: S,
    version: RowVersion,
    reason: string,
    time: Instant,
  ): OutboxRow {
    const { subject, snapshot } = table.publication as NonNullable<typeof table.publication>;
    const payload = snapshot(state, version);
    const wire = toBinary({
      id: uuidv7(),
      type: typeOf(subject, reason),
      source: this.source,
      subject: subject.key(payload),
      time,
      correlationid: this.by.correlationId,
      ...(this.by.causationId === undefined ? {} : { causationid: this.by.causationId }),
      subjectversion: subjectVersion(0, version.version),
      data: payload,
    });
    return refuseTooLarge({ topic: subject.topic, key: wire.key, headers: wire.headers, value: wire.value.toString() });
  }
}

const keyText = <K, S, F extends Fact>(table: SubjectTable<K, S, F>, row: Row): string =>
  table.keyColumns.map((column) => String(row[column])).join('/');

const names = new Map<string, string>();

/** A stable name for a statement's text, so that each connection parses it once. */
const statementName = (text: string): string => {
  let name = names.get(text);
  if (name === undefined) {
    name = `u_${createHash('sha1').update(text).digest('base64url')}`;
    if (names.size < 5_000) names.set(text, name);
  }
  return name;
};
