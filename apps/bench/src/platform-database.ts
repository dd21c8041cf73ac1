import { Database } from '@underpin/platform/persistence/database';
import { migrate } from '@underpin/platform/persistence/migrate';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { RealClock } from '@underpin/platform/time/clock';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';

/** A database with the platform's tables and some more, and the connections of a process to it. */
export interface PlatformDatabase {
  readonly fresh: FreshDatabase;
  readonly database: Database;
  readonly work: UnitOfWork;
}

/** @param tables statements of the owner, before the running role gets its grants */
export const platformDatabase = async (tables: readonly string[] = []): Promise<PlatformDatabase> => {
  const fresh = await freshDatabase({
    migrate: async (ownerUrl, appRole) => {
      await migrate({ ownerUrl, appRole, migrations: [] });
    },
  });
  for (const statement of tables) await fresh.query(statement);
  if (tables.length > 0)
    await fresh.query(
      `grant select, insert, update, delete, truncate on all tables in schema public to ${fresh.appRole}`,
    );
  const database = new Database({ url: fresh.appUrl, applicationName: 'bench' });
  await database.open();
  return { fresh, database, work: new UnitOfWork(database, new RealClock(), '/underpin/bench') };
};
