import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { pidIn } from './postgres/leftover-server';
import { portsFrom, portsTaken } from './ports';
import { isAlive } from './process-info';
import type { Ready } from './ready-file';

// Real programs on a machine that may have much else to do.
jest.setTimeout(120_000);

const project = resolve(__dirname, '..');
const place = mkdtempSync(join(tmpdir(), 'launch-spec-'));
const dataDir = join(place, 'data');
const readyFile = join(place, 'ready.json');
let base = 0;

/** A caller's own settings for other PostgreSQL servers: they must not lead the platform astray. */
const libpq = { PGHOST: 'db.example', PGSSLMODE: 'require', PGOPTIONS: '-c default_transaction_read_only=on' };

/** A launcher with stand-ins for the services, as `npm start` would run it. */
class Run {
  static readonly all: Run[] = [];
  text = '';
  readonly ended: Promise<number | null>;
  readonly process: ChildProcess;

  constructor(flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
    Run.all.push(this);
    this.process = spawn(process.execPath, [join(project, 'test/fake-platform.mjs'), ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...libpq, ...env },
    });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    this.ended = new Promise((ended) => this.process.once('close', ended));
  }

  async says(words: RegExp): Promise<void> {
    await until(() => words.test(this.text) || this.process.exitCode !== null);
    expect(this.text).toMatch(words);
  }
}

const start = (env: NodeJS.ProcessEnv = {}) =>
  new Run(['--data-dir', dataDir, '--port', String(base), '--ready-file', readyFile], env);

const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await what())) await pause(50);
};

const ready = (): Ready => JSON.parse(readFileSync(readyFile, 'utf8')) as Ready;

const ask = async (path: string, method = 'GET'): Promise<Record<string, unknown>> =>
  (await fetch(`${ready().services['availability']}${path}`, { method })).json() as Promise<Record<string, unknown>>;

const readServerSecret = (): { password: string } => ({
  password: (JSON.parse(readFileSync(join(dataDir, 'secrets/postgres.json'), 'utf8')) as { postgres: string }).postgres,
});

const serverPid = (): number => pidIn(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8')) ?? 0;

/** The launcher's processes and PostgreSQL. */
const processes = (): Map<string, number> => {
  const { pid, children } = JSON.parse(readFileSync(join(dataDir, 'run.lock'), 'utf8')) as {
    pid: number;
    children: { name: string; pid: number }[];
  };
  return new Map([
    ['launcher', pid],
    ['server', serverPid()],
    ...children.map((child) => [child.name, child.pid] as const),
  ]);
};

const allGone = (all: Map<string, number>) => until(() => ![...all.values()].some(isAlive));

const kill = (pid: number | undefined) => process.kill(pid ?? 0, 'SIGKILL');

beforeAll(async () => {
  const built = spawnSync(process.execPath, [require.resolve('typescript/lib/tsc.js'), '-b', project], {
    encoding: 'utf8',
  });
  expect(built.stdout).toBe('');
  do base = randomInt(20_000, 32_000);
  while ((await portsTaken(portsFrom(base))).length > 0);
});

afterAll(async () => {
  for (const { process: launcher } of Run.all) launcher.kill('SIGKILL');
  await Promise.all(Run.all.map(({ ended }) => ended));
  const cluster = join(dataDir, 'postgres');
  if (existsSync(cluster)) rmSync(realpathSync(cluster), { recursive: true });
  rmSync(place, { recursive: true, force: true });
});

// One story: each test goes on from where the one before left the data directory.
describe('npm start', () => {
  let run: Run;

  it('brings up a real server, six databases, five services and a gateway, and says where they are', async () => {
    run = start();
    await run.says(/Ready after/);
    expect(run.text).toMatch(
      /PostgreSQL \d+.*\n.*databases and roles: 6 made.*\n.*schemas migrated.*\n.*services ready: 5 of 5.*\n.*gateway ready/,
    );
    expect(ready()).toMatchObject({
      gateway: `http://127.0.0.1:${base}`,
      dataDir,
      pid: run.process.pid,
      apiKeyFile: join(dataDir, 'api-key.txt'),
    });
    expect(run.text).toContain(readFileSync(ready().apiKeyFile, 'utf8').trim());
  });

  it('lets a service write rows to its database and the bus, and change no table', async () => {
    expect(await ask('/visits', 'POST')).toEqual({ visits: 1 });
    expect(await ask('/refused')).toEqual({ message: expect.stringContaining('permission denied') as string });
  });

  it('keeps what it has answered: the server waits for the disk, and asks for a password', async () => {
    const { password } = readServerSecret();
    const server = { host: '127.0.0.1', port: base + 10, user: 'postgres', database: 'postgres', ssl: false };
    const client = new Client({ ...server, password });
    await client.connect();
    const { rows } = await client.query(
      "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'listen_addresses', 'synchronous_commit') order by 1",
    );
    await client.end();
    expect(rows.map(({ setting }) => String(setting))).toEqual(['on', 'on', '127.0.0.1', 'on']);
    await expect(new Client({ ...server, password: 'postgres' }).connect()).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('says in one sentence that this data directory is in use', async () => {
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.text.trim()).toMatch(
      /^Underpin is already running on this data directory \(process \d+, http:\S+\): use it, stop it .*\.$/,
    );
    expect(await ask('/visits')).toEqual({ visits: 1 });
  });

  it('says in one sentence which ports are taken, and starts nothing', async () => {
    const other = join(place, 'other');
    const second = new Run(['--data-dir', other, '--port', String(base)]);
    expect(await second.ended).toBe(1);
    expect(second.text.trim()).toMatch(
      /^Ports \d+ \(gateway\), .*\(postgres\) are taken on 127\.0\.0\.1: .*Nothing was started\.$/,
    );
    expect(existsSync(join(other, 'postgres'))).toBe(false);
    expect(existsSync(join(other, 'run.lock'))).toBe(false);
  });

  it('starts a process again that dies', async () => {
    kill(processes().get('availability'));
    await run.says(/availability ended after .* \(SIGKILL\); starting it again in 0\.5 s/);
    await run.says(/availability is ready again/);
    expect(await ask('/visits')).toEqual({ visits: 1 });
  });

  it('starts PostgreSQL again when the server dies, or what guards it', async () => {
    kill(serverPid());
    await run.says(/postgres is ready again/);
    run.text = '';
    kill(processes().get('postgres'));
    await run.says(/still has the data open[^]*postgres is ready again/);
    expect(await ask('/visits', 'POST')).toEqual({ visits: 2 });
  });

  it('stops everything on Ctrl-C', async () => {
    const all = processes();
    run.process.kill('SIGINT');
    run.process.kill('SIGINT'); // npm passes on what the terminal has sent already
    expect(await run.ended).toBe(0);
    expect([...all].filter(([, pid]) => isAlive(pid))).toEqual([]);
    expect(existsSync(readyFile)).toBe(false);
    expect(existsSync(join(dataDir, 'run.lock'))).toBe(false);
    expect(run.text).not.toMatch(/was killed/);
  });

  it('finds its data and its key the second time, and leaves nothing behind when it is killed', async () => {
    const key = readFileSync(join(dataDir, 'api-key.txt'), 'utf8');
    run = start();
    await run.says(/databases and roles: all there[^]*Ready after/);
    expect(await ask('/visits')).toEqual({ visits: 2 });
    expect(readFileSync(ready().apiKeyFile, 'utf8')).toBe(key);
    const all = processes();
    kill(run.process.pid);
    await allGone(all);
  });

  it('ends the server of a killed run whose guard was killed too', async () => {
    run = start();
    await run.says(/Ready after/);
    const all = processes();
    kill(all.get('postgres'));
    kill(run.process.pid);
    await until(() => ![...all].some(([name, pid]) => name !== 'server' && isAlive(pid)));
    expect(isAlive(all.get('server') ?? 0)).toBe(true);
    run = start();
    await run.says(/still has the data open \(process \d+\): stopping it[^]*Ready after/);
    expect(await ask('/visits')).toEqual({ visits: 2 });
    run.process.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('shows the end of the log of a service that cannot start, and leaves nothing running', async () => {
    run = start({ FAKE_ENDS_ON: String(base + 4) });
    expect(await run.ended).toBe(1);
    expect(run.text).toMatch(
      /continuity ended while starting \(exit code 3: .*no lamp oil\); starting it again in 0\.5 s/,
    );
    expect(run.text.trim()).toMatch(
      /continuity ends while it starts \(exit code 3\)\. Its log, .*continuity\.log, ends with:\n {2}\| fatal This process cannot start: no lamp oil$/,
    );
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(await portsTaken(portsFrom(base))).toEqual([]);
  });

  it('refuses another bus than the data was begun with', async () => {
    run = start({ UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: '127.0.0.1:9' });
    expect(await run.ended).toBe(1);
    expect(run.text.trim()).toMatch(
      /^The data directory .* was begun with the postgres bus, .*: set UNDERPIN_BUS=postgres, or .*\.$/,
    );
  });

  it('is stopped in the middle of a start as well', async () => {
    run = start();
    await run.says(/ok PostgreSQL/);
    run.process.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(join(dataDir, 'run.lock'))).toBe(false);
  });

  it('refuses data of another version of PostgreSQL, untouched', async () => {
    const version = join(dataDir, 'postgres/PG_VERSION');
    writeFileSync(version, '17\n');
    run = start();
    expect(await run.ended).toBe(1);
    expect(run.text.trim()).toMatch(
      /^The data in .* was written by PostgreSQL 17, and this Underpin brings PostgreSQL \d+: .*--data-dir\.$/,
    );
    expect(dirname(version)).toBe(join(dataDir, 'postgres'));
  });
});
