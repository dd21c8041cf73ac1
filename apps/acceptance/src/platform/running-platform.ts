import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '@underpin/testing/eventually';
import { freePort } from '@underpin/testing/free-port';
import { endsWithRun, hasEnded } from '@underpin/testing/test-run';

const ROOT = resolve(__dirname, '../../../..');

interface Ready {
  readonly gateway: string;
  readonly services: Readonly<Record<string, string>>;
  readonly apiKeyFile: string;
  readonly dataDir: string;
}

/** An answer of the platform. */
export interface Answer<B = any> {
  readonly status: number;
  readonly body: B;
  readonly headers: Headers;
}

/** The platform as a user starts it, with its launcher, and seen through its public doors alone. */
export class RunningPlatform {
  private constructor(
    private process: ChildProcess,
    private readonly flags: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
    readonly ready: Ready,
    readonly key: string,
    private readonly place: string,
  ) {}

  /** Starts one with its own data and ports, without the sample organisation unless asked for. `env` is added to the environment (a Kafka bus, a test clock). */
  static async start(env: NodeJS.ProcessEnv = {}, { sample = false } = {}): Promise<RunningPlatform> {
    const place = mkdtempSync(join(tmpdir(), 'underpin-acceptance-'));
    chmodSync(place, 0o711); // PostgreSQL runs as its own user where we are root, and keeps its files below
    const readyFile = join(place, 'ready.json');
    const port = await freePort();
    const flags = [
      '--data-dir',
      join(place, 'data'),
      '--port',
      String(port),
      '--ready-file',
      readyFile,
      ...(sample ? [] : ['--no-sample']),
    ];
    const all = { ...process.env, ...env, NODE_ENV: 'test', UNDERPIN_LOG_LEVEL: 'warn' };
    const launcher = await launch(flags, all);
    const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready;
    return new RunningPlatform(launcher, flags, all, ready, readFileSync(ready.apiKeyFile, 'utf8').trim(), place);
  }

  /** Calls `/<service>/…` through the gateway. */
  async call<B = any>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<B>> {
    const answer = await fetch(`${this.ready.gateway}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: parsed(text) as B };
  }

  /** The same, where anything but success ends the test with what was answered. */
  async ask<B = any>(method: string, path: string, body?: unknown): Promise<B> {
    const answer = await this.call<B>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Moves business time forward, on every process. */
  async steer(now: string): Promise<void> {
    await this.ask('POST', '/clock', { now });
  }

  /** `kill -9` of one process (`availability`); the launcher starts it again. */
  kill(name: string): void {
    const lock = JSON.parse(readFileSync(join(this.ready.dataDir, 'run.lock'), 'utf8')) as {
      children: { name: string; pid: number }[];
    };
    const child = lock.children.find((c) => c.name === name);
    if (child === undefined)
      throw new Error(`No process ${name} is running: ${lock.children.map((c) => c.name).join(', ')}`);
    process.kill(child.pid, 'SIGKILL');
  }

  /** Whether every service says that it is ready. */
  async isReady(): Promise<boolean> {
    return fetch(`${this.ready.gateway}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  async untilReady(): Promise<void> {
    await eventually(
      async () => {
        if (!(await this.isReady())) throw new Error('the platform is not ready');
      },
      { withinMs: 60_000 },
    );
  }

  /** `kill -9` of everything at once, and a start on the same data. */
  async crashAndRestart(): Promise<void> {
    await ended(this.process, 'SIGKILL');
    this.process = await launch(this.flags, this.env);
  }

  async stop(): Promise<void> {
    await ended(this.process, 'SIGTERM');
    rmSync(this.place, { recursive: true, force: true });
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Resolves when the launcher says that everything is ready; what it said otherwise is the failure. */
const launch = (flags: readonly string[], env: NodeJS.ProcessEnv): Promise<ChildProcess> =>
  new Promise((done, failed) => {
    const launcher = spawn(process.execPath, [join(ROOT, 'deploy/local/start.mjs'), ...flags], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (launcher.pid !== undefined) endsWithRun(launcher.pid, 'SIGTERM');
    let said = '';
    const hear = (text: Buffer): void => {
      said += text.toString();
      if (/^Ready after/m.test(said)) done(launcher);
    };
    launcher.stdout?.on('data', hear);
    launcher.stderr?.on('data', hear);
    launcher.once('exit', (code) =>
      failed(new Error(`the platform ended with exit code ${code} before it was ready:\n${said}`)),
    );
  });

const ended = async (launcher: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (launcher.exitCode === null && launcher.signalCode === null) {
    const exit = new Promise((resolve) => launcher.once('exit', resolve));
    launcher.kill(signal);
    await exit;
  }
  if (launcher.pid !== undefined) hasEnded(launcher.pid);
};
