import { DataSource, type MigrationInterface } from 'typeorm';
import { PlatformTables1700000000000 } from './migrations/platform-tables';

export type MigrationClass = new () => MigrationInterface;

export interface MigrateOptions {
  /** Connection of the role that owns the schema. */
  readonly ownerUrl: string;
  /** Role that the service runs as: gets exactly the grants below, and cannot change the schema. */
  readonly appRole: string;
  readonly migrations: readonly MigrationClass[];
  /** Tables of facts: the running role may add and read, never change or remove. */
  readonly appendOnly?: readonly string[];
}

/** Append-only tables of every service. */
const PLATFORM_APPEND_ONLY = ['audit'];

/**
 * Brings a database to the present schema and grants the running role what it needs. Safe to repeat; two at once wait for
 * each other.
 */
export const migrate = async ({ ownerUrl, appRole, migrations, appendOnly = [] }: MigrateOptions): Promise<number> => {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    poolSize: 2,
    migrations: [PlatformTables1700000000000, ...migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock(727361)');
    const done = await source.runMigrations();
    await grant(source, appRole, [...PLATFORM_APPEND_ONLY, ...appendOnly]);
    return done.length;
  } finally {
    await lock.query('select pg_advisory_unlock(727361)').catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
};

const grant = async (source: DataSource, appRole: string, appendOnly: readonly string[]): Promise<void> => {
  const role = `"${appRole.replaceAll('"', '""')}"`;
  await source.query(`grant usage on schema public to ${role}`);
  await source.query(`grant select, insert, update, delete on all tables in schema public to ${role}`);
  await source.query(`grant usage, select on all sequences in schema public to ${role}`);
  await source.query(`revoke insert, update, delete on schema_migration from ${role}`);
  for (const table of appendOnly) await source.query(`revoke update, delete, truncate on ${table} from ${role}`);
};
