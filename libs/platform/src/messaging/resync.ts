import { invalid } from '@underpin/kernel/errors';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../persistence/actor';
import { int, json, type Row } from '../persistence/row';
import type { Fact, SubjectTable } from '../persistence/subject-table';
import type { Tx } from '../persistence/tx';
import type { UnitOfWork } from '../persistence/unit-of-work';
import type { Log } from '../telemetry/logger';
import { noteInAudit } from './audit-note';

/** A table of any key and state: all that matters here is that its snapshots are published. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tables of different keys and states in one list
export type OwnedTable = SubjectTable<any, any, Fact>;
type Publication = NonNullable<OwnedTable['publication']>;
type Owned = OwnedTable & { readonly publication: Publication };

/** What was told again. */
export interface Resynced {
  readonly topic: string;
  readonly told: number;
  /** Asked for, and not there (or never published). */
  readonly missing: readonly string[];
}

const CHUNK = 200;

/** Tells the current snapshots of subjects again, under their locks and with the versions that they have. */
export class Resync {
  private readonly tables: ReadonlyMap<string, Owned>;

  constructor(
    private readonly work: UnitOfWork,
    owns: readonly OwnedTable[],
    /** The service's name. */
    private readonly service: string,
    private readonly log: Log,
  ) {
    this.tables = new Map(owns.filter(isPublished).map((table) => [table.publication.subject.topic, table]));
  }

  /** For the relay: these may stand on the bus in an old version, behind a newer one. */
  async reemit(topic: string, keys: readonly string[]): Promise<void> {
    const table = this.tables.get(topic);
    if (table === undefined)
      return this.log.warn('A topic that this service does not own cannot be told again', {
        topic,
        count: keys.length,
      });
    await this.some(
      { who: this.service, door: 'worker', useCase: 'Resync.reemit', correlationId: randomUUID() },
      table,
      keys,
    );
  }

  /**
   * Tells all subjects of a topic again, or some of them, so many in a transaction.
   *
   * @throws DomainError invalid `resync.not-owned`
   */
  async resync(by: Actor, topic: string, subjects?: readonly string[]): Promise<Resynced> {
    const table = this.tables.get(topic);
    if (table === undefined) {
      const owned = [...this.tables.keys()].join(', ');
      throw invalid(
        'resync.not-owned',
        `${this.service} does not own ${topic}: it can tell ${owned === '' ? 'nothing' : owned} again`,
      );
    }
    const { told, missing } = subjects === undefined ? await this.all(by, table) : await this.some(by, table, subjects);
    await this.work.run(by, (tx) => noteInAudit(tx, 'topic', topic, `resynced ${told}`));
    return { topic, told, missing };
  }

  private async all(by: Actor, table: Owned): Promise<Omit<Resynced, 'topic'>> {
    let told = 0;
    for (let after: Row | undefined; ;) {
      const rows: Row[] = await this.work.run(by, async (tx) => {
        const chunk = await chunkOf(tx, table, after);
        told += await republish(tx, table, chunk);
        return chunk;
      });
      if (rows.length < CHUNK) return { told, missing: [] };
      after = rows.at(-1);
    }
  }

  private async some(by: Actor, table: Owned, keys: readonly string[]): Promise<Omit<Resynced, 'topic'>> {
    const missing = new Set(keys);
    let told = 0;
    const tell = async (tx: Tx, rows: readonly Row[]): Promise<void> => {
      const wanted = rows.filter((row) => missing.has(eventKey(table, row)));
      told += await republish(tx, table, wanted);
      for (const row of wanted) if (wasPublished(table, row)) missing.delete(eventKey(table, row));
    };
    const [column, ...others] = table.keyColumns;
    if (others.length === 0)
      await this.work.run(by, async (tx) =>
        tell(tx, await tx.query(`select * from ${table.table} where ${column}::text = any($1::text[])`, [keys])),
      );
    // The event's key need not be the table's: what was not found by it is looked for in all rows.
    for (let after: Row | undefined; missing.size > 0;) {
      const rows: Row[] = await this.work.run(by, async (tx) => {
        const chunk = await chunkOf(tx, table, after);
        await tell(tx, chunk);
        return chunk;
      });
      if (rows.length < CHUNK) break;
      after = rows.at(-1);
    }
    return { told, missing: [...missing] };
  }
}

const isPublished = (table: OwnedTable): table is Owned => table.publication !== undefined;

const eventKey = ({ fromRow, publication: { subject, snapshot } }: Owned, row: Row): string =>
  subject.key(snapshot(fromRow(row) as never, { version: int(row['version']), recordedAt: int(row['recorded_at']) }));

/** A subject that nobody was told of yet (a draft) has another reason in its row than one of the contract's. */
const wasPublished = ({ publication }: Owned, row: Row): boolean =>
  publication.subject.reasons.includes(row['reason'] as string);

const chunkOf = (tx: Tx, { table, keyColumns }: Owned, after: Row | undefined): Promise<Row[]> => {
  const key = keyColumns.join(', ');
  const behind =
    after === undefined ? '' : `where (${key}) > (select ${key} from jsonb_populate_record(null::${table}, $1::jsonb))`;
  const last = after === undefined ? [] : [json(keyOf(keyColumns, after))];
  return tx.query(`select * from ${table} ${behind} order by ${key} limit ${CHUNK}`, last);
};

const keyOf = (keyColumns: readonly string[], row: Row): Row =>
  Object.fromEntries(keyColumns.map((column) => [column, row[column]]));

const republish = (tx: Tx, table: Owned, rows: readonly Row[]): Promise<number> => {
  const keys = rows.filter((row) => wasPublished(table, row)).map((row) => keyOf(table.keyColumns, row));
  if (keys.length === 0) return Promise.resolve(0);
  const key = table.keyColumns.join(', ');
  return tx.republish(
    table,
    `(${key}) in (select ${key} from jsonb_populate_recordset(null::${table.table}, $1::jsonb))`,
    [json(keys)],
  );
};
