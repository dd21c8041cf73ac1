import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import { superuserOn } from './postgres/server';
import { passwordFor, type Passwords } from './secrets';
import { appOf, BUS_DATABASE, databaseOf, databases, ownerOf, services } from './topology';

/**
 * Roles, databases and who may enter which; all of it may be there already. Each database has an owner (who migrates) and a running role; a
 * running role enters its own database and the bus, whose running role it may act as.
 * @returns how many databases were made.
 */
export async function prepareDatabases(port: number, passwords: Passwords): Promise<number> {
  const admin = await superuserOn('postgres', port, passwords);
  try {
    for (const database of databases)
      for (const role of [ownerOf(database), appOf(database)]) await ensureRole(admin, role, passwordFor(passwords, role));
    let made = 0;
    for (const database of databases) if (await ensureDatabase(admin, database)) made += 1;
    for (const { name } of services) {
      const role = escapeIdentifier(appOf(databaseOf(name)));
      await admin.query(`grant connect on database ${escapeIdentifier(BUS_DATABASE)} to ${role}`);
      await admin.query(`grant ${escapeIdentifier(appOf(BUS_DATABASE))} to ${role}`);
    }
    return made;
  } finally {
    await admin.end();
  }
}

/** The password is set each time: the file of secrets is the truth. */
async function ensureRole(admin: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await admin.query(`${verb} role ${escapeIdentifier(role)} login nosuperuser password ${escapeLiteral(password)}`);
}

async function ensureDatabase(admin: Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [database]);
  const name = escapeIdentifier(database);
  if (rowCount === 0) await admin.query(`create database ${name} owner ${escapeIdentifier(ownerOf(database))} template template0`);
  await admin.query(`revoke all on database ${name} from public`);
  await admin.query(`grant connect on database ${name} to ${escapeIdentifier(appOf(database))}`);
  return rowCount === 0;
}
