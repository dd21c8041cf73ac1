import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { newApiKey } from '@underpin/platform/auth/api-keys';
import { eventually } from '@underpin/testing/eventually';
import { freePort } from '@underpin/testing/free-port';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { endsWithRun, hasEnded } from '@underpin/testing/test-run';

export const repository = path.resolve(__dirname, '../../..');

const run = promisify(execFile);
const START_LIMIT_MS = 60_000;

/** A program of ours that answers over HTTP. */
export interface Serving {
  readonly url: string;
  readonly pid: number;
  /** In order, by SIGTERM. */
  stop(): Promise<void>;
}

export interface Program {
  /** Path from the root of the repository. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 2xx once it is ready. */
  readonly ready: string;
  /** Flags of Node itself (`--cpu-prof`). */
  readonly nodeFlags?: readonly string[];
}

/** Starts a program on a free port (`UNDERPIN_PORT`) and waits until it is ready. */
export const serve = async ({ script, env, ready, nodeFlags = [] }: Program): Promise<Serving> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...nodeFlags, path.join(repository, script)], {
    env: { ...process.env, NODE_ENV: 'test', UNDERPIN_PORT: String(port), UNDERPIN_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const pid = child.pid as number;
  endsWithRun(pid, 'SIGTERM');
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4_000)));
  await eventually(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${script} ended: ${said}`);
      const answer = await fetch(`${url}${ready}`);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${script} is not ready: ${answer.status} ${said}`);
    },
    { withinMs: START_LIMIT_MS },
  );
  return { url, pid, stop: () => ended(child) };
};

/** Ends a process in order, and waits for it. */
export const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exit;
  }
  if (child.pid !== undefined) hasEnded(child.pid);
};

/** A new database with the schema of a service: migrated by the program that every installation runs. */
export const databaseOf = (service: string): Promise<FreshDatabase> =>
  freshDatabase({
    template: service,
    migrate: async (ownerUrl, appRole) => {
      const app = new URL(ownerUrl);
      app.username = app.password = appRole;
      const env = { ...process.env, UNDERPIN_DATABASE_OWNER_URL: ownerUrl, UNDERPIN_DATABASE_URL: app.href };
      await run(process.execPath, [path.join(repository, `apps/${service}/dist/migrate.js`)], { env });
    },
  });

export interface Keys {
  readonly file: string;
  /** The header of a caller who may do everything. */
  readonly authorization: string;
}

/** A keys file with one key for everything. */
export const keys = (): Keys => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'underpin-bench-')), 'keys.json');
  const { entry, text } = newApiKey('bench', ['*']);
  writeFileSync(file, JSON.stringify([entry]), { mode: 0o600 });
  return { file, authorization: `Bearer ${text}` };
};

const TICK_MS = 10;

/** Processor time that a process has used so far, in ms; 0 where the system does not tell. */
export const processorMs = (pid: number): number => {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

/** The same for all processes of a PostgreSQL server, told by the process of one of its connections. */
export const serverMs = (backend: number): number => {
  const postmaster = Number(statOf(backend)?.[1] ?? 0);
  if (postmaster === 0) return 0;
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all
    .filter((pid) => Number(statOf(Number(pid))?.[1]) === postmaster)
    .reduce((sum, pid) => sum + processorMs(Number(pid)), 0);
};

/** The fields of /proc/<pid>/stat behind the name, which may hold anything: state, parent, … */
const statOf = (pid: number): string[] | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
};
