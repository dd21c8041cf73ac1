import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@underpin/testing/free-port';
import { endsWithRun } from '@underpin/testing/test-run';
import { ended, repository } from './processes';

/** The whole of Underpin, as `npm start` runs it. */
export interface Platform {
  readonly gateway: string;
  readonly services: Readonly<Record<string, string>>;
  readonly readyFile: string;
  readonly authorization: string;
  stop(): Promise<void>;
}

interface Ready {
  readonly gateway: string;
  readonly services: Readonly<Record<string, string>>;
  readonly apiKeyFile: string;
}

/** Starts it with data and ports of its own, and nothing in it. */
export const startPlatform = async (env: Readonly<Record<string, string>> = {}): Promise<Platform> => {
  const place = mkdtempSync(path.join(tmpdir(), 'underpin-bench-'));
  chmodSync(place, 0o711); // PostgreSQL runs as its own user where we are root, and keeps its files below
  const readyFile = path.join(place, 'ready.json');
  const flags = [
    '--data-dir',
    path.join(place, 'data'),
    '--port',
    String(await freePort()),
    '--ready-file',
    readyFile,
    '--no-sample',
  ];
  const launcher = spawn(process.execPath, [path.join(repository, 'deploy/local/start.mjs'), ...flags], {
    env: { ...process.env, UNDERPIN_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endsWithRun(launcher.pid as number, 'SIGTERM');
  await new Promise<void>((done, failed) => {
    let said = '';
    const hear = (text: Buffer): void => {
      said += text.toString();
      if (/^Ready after/m.test(said)) done();
    };
    launcher.stdout.on('data', hear);
    launcher.stderr.on('data', hear);
    launcher.once('exit', (code) =>
      failed(new Error(`The platform ended with ${code} before it was ready:\n${said.slice(-4_000)}`)),
    );
  });
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready;
  return {
    gateway: ready.gateway,
    services: ready.services,
    readyFile,
    authorization: `Bearer ${readFileSync(ready.apiKeyFile, 'utf8').trim()}`,
    stop: async () => {
      await ended(launcher);
      rmSync(place, { recursive: true, force: true });
    },
  };
};
