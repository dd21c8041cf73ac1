import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import type { Bus } from './bus';
import { superuserOn } from './postgres/server';
import { passwordFor, type Passwords } from './secrets';
import { appOf, appRoles, BUS_DATABASE, ownerOf, serviceDatabases } from './topology';

/**
 * Roles, databases and who may enter which; all of it may be there already. Each database has an owner (who migrates). A service's running
 * role enters its own database and the bus, and nothing else.
 * @returns how many databases were made.
 */
export async function prepareDatabases(port: number, passwords: Passwords, bus: Bus['kind']): Promise<number> {
  const databases = bus === 'postgres' ? [...serviceDatabases, BUS_DATABASE] : serviceDatabases;
  const admin = await superuserOn('postgres', port, passwords);
  try {
    for (const role of [...databases.map(ownerOf), ...appRoles])
      await ensureRole(admin, role, passwordFor(passwords, role));
    let made = 0;
    for (const database of databases) if (await ensureDatabase(admin, database)) made += 1;
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
  if (rowCount === 0)
    await admin.query(`create database ${name} owner ${escapeIdentifier(ownerOf(database))} template template0`);
  await admin.query(`revoke all on database ${name} from public`);
  const entering = database === BUS_DATABASE ? appRoles : [appOf(database)];
  await admin.query(`grant connect on database ${name} to ${entering.map(escapeIdentifier).join(', ')}`);
  return rowCount === 0;
}
