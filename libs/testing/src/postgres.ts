import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { postgresServer, runPrefix } from './postgres-server';

/** Brings an empty database to the product's schema, as the owner, and grants to the role that the product runs with. */
export type Migrate = (ownerUrl: string, appRole: string) => Promise<void>;

export interface FreshDatabaseOptions {
  readonly migrate?: Migrate;
  /**
   * Names the outcome of `migrate`: databases of the same name are copies of one that was migrated once in this run
   * (about 50 ms instead of the migrations' time). Without it `migrate` runs on the new database itself.
   */
  readonly template?: string;
}

/** A database of a test's own, with the two roles of the product: one owns and migrates it, one runs with what was granted. */
export interface FreshDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly ownerRole: string;
  readonly appRole: string;
  /** Runs one statement as the owner and returns its rows. int8 and numeric come as strings. */
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Ends the connections of `query`, throws everybody else off, and drops the database. */
  drop(): Promise<void>;
}

/**
 * A new database for one spec file: `beforeAll(async () => { db = await freshDatabase({ … }) })`, `afterAll(() => db.drop())`.
 *
 * Copies of one template share the template's two roles, since a copy keeps its owner and its grants.
 */
export async function freshDatabase({ migrate, template }: FreshDatabaseOptions = {}): Promise<FreshDatabase> {
  const { adminUrl } = await postgresServer();
  const name = `${runPrefix()}${randomBytes(5).toString('hex')}`;
  return asAdmin(adminUrl, async (admin) => {
    if (migrate && template !== undefined) {
      const original = await migrated(admin, adminUrl, template, migrate);
      await admin.query(`create database ${name} template ${original.name} owner ${original.ownerRole}`);
      await closeToOthers(admin, name, original); // a copy does not take over who may connect
      return databaseOf(adminUrl, name, original);
    }
    const roles = await createRoles(admin, name);
    await admin.query(`create database ${name} owner ${roles.ownerRole}`);
    await closeToOthers(admin, name, roles);
    const database = databaseOf(adminUrl, name, roles);
    await migrate?.(database.ownerUrl, database.appRole);
    return database;
  });
}

/** Owner and running role. Their password is their name: the server listens on 127.0.0.1 and lives as long as the run. */
interface Roles {
  readonly ownerRole: string;
  readonly appRole: string;
}

const rolesOf = (database: string): Roles => ({ ownerRole: `${database}_owner`, appRole: `${database}_app` });

async function createRoles(admin: Client, database: string): Promise<Roles> {
  const roles = rolesOf(database);
  for (const role of [roles.ownerRole, roles.appRole])
    await admin.query(`create role ${role} login password '${role}'`);
  return roles;
}

/** As the product has it: nobody but its two roles may connect, and only the owner may create anything. */
async function closeToOthers(admin: Client, name: string, { appRole }: Roles): Promise<void> {
  await admin.query(`revoke all on database ${name} from public`);
  await admin.query(`grant connect on database ${name} to ${appRole}`);
}

/** The template of that name, migrated by the first who asks; `is_template` is set last and says that it is complete. */
async function migrated(
  admin: Client,
  adminUrl: string,
  template: string,
  migrate: Migrate,
): Promise<Roles & { name: string }> {
  const name = `${runPrefix()}template_${createHash('sha256').update(template).digest('hex').slice(0, 10)}`;
  const original = { name, ...rolesOf(name) };
  await admin.query(`select pg_advisory_lock(hashtext($1))`, [name]);
  try {
    const found = await admin.query(`select datistemplate as complete from pg_database where datname = $1`, [name]);
    if (found.rows[0]?.complete) return original;
    await admin.query(`drop database if exists ${name} with (force)`); // left half-made by one who failed
    for (const role of [original.ownerRole, original.appRole]) await admin.query(`drop role if exists ${role}`);
    const roles = await createRoles(admin, name);
    await admin.query(`create database ${name} owner ${roles.ownerRole}`);
    await closeToOthers(admin, name, roles);
    await migrate(urlOf(adminUrl, name, roles.ownerRole), roles.appRole);
    await admin.query(`alter database ${name} with is_template true allow_connections false`);
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name]);
    return original;
  } finally {
    await admin.query(`select pg_advisory_unlock(hashtext($1))`, [name]);
  }
}

function databaseOf(adminUrl: string, name: string, { ownerRole, appRole }: Roles): FreshDatabase {
  const ownerUrl = urlOf(adminUrl, name, ownerRole);
  let connected: Promise<Client> | undefined;
  return {
    name,
    ownerRole,
    appRole,
    ownerUrl,
    appUrl: urlOf(adminUrl, name, appRole),
    async query<R>(sql: string, params: readonly unknown[] = []) {
      const client = await (connected ??= connect(ownerUrl));
      return (await client.query(sql, [...params])).rows as R[];
    },
    async drop() {
      await (await connected)?.end();
      connected = undefined;
      await asAdmin(adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

function urlOf(adminUrl: string, database: string, role?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (role !== undefined) {
    url.username = role;
    url.password = role;
  }
  return url.href;
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // a connection that idles while its server stops must not end the process
  await client.connect();
  return client;
}

async function asAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = await connect(url);
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
