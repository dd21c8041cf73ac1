import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { Refusal } from '../refusal';
import { HOST } from '../topology';
import { passwordFor, SUPERUSER, type Passwords } from '../secrets';
import type { Cluster } from './cluster';

const WRONG_PASSWORD = '28P01';

/** Sessions that the platform may need: 70 with one process of each service, 140 with two. */
const MAX_CONNECTIONS = 300;

/** How long open sessions may go on when the launcher died; the services stop within it. */
const PATIENCE_MS = 4_000;

/** The command that runs the server under its guard. */
export function serverCommand({ directory, user, programs }: Cluster, port: number): readonly string[] {
  const settings = {
    listen_addresses: HOST,
    port,
    // No socket file: its directory (/tmp) is everybody's, and two clones on one machine would share its name.
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    // Small, for a machine that has other work too; fsync and synchronous_commit stay on: what was answered is on the disk.
    shared_buffers: '128MB',
    // Short statements on few rows: neither helps them, and parallel workers need more of /dev/shm than a container has.
    jit: 'off',
    max_parallel_workers_per_gather: 0,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
  };
  const args = ['-D', directory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  return [
    join(__dirname, 'guard.js'),
    JSON.stringify({ program: programs.postgres, args, user, patienceMs: PATIENCE_MS }),
  ];
}

/** A session of the superuser; the caller ends it. */
export async function superuserOn(database: string, port: number, passwords: Passwords): Promise<Client> {
  const client = new Client({
    host: HOST,
    port,
    user: SUPERUSER,
    password: passwordFor(passwords, SUPERUSER),
    database,
    ssl: false,
  });
  client.on('error', () => undefined); // a server that stops is seen by the query that it cuts off
  await client.connect();
  return client;
}

/** Resolves when the server takes sessions; rejects with the last reason when `signal` says that waiting is over. */
export async function acceptsSessions(port: number, passwords: Passwords, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await (await superuserOn('postgres', port, passwords)).end();
      return;
    } catch (error) {
      if ((error as { code?: string }).code === WRONG_PASSWORD)
        throw new Refusal(
          'The passwords in the data directory (secrets/postgres.json) do not fit its databases: restore both from the same backup.',
        );
      if (signal.aborted) throw error;
      await pause(100);
    }
  }
}

/** `postgresql://role:password@127.0.0.1:port/database` */
export const urlFor = (role: string, database: string, port: number, passwords: Passwords): string =>
  `postgresql://${role}:${passwordFor(passwords, role)}@${HOST}:${port}/${database}`;
