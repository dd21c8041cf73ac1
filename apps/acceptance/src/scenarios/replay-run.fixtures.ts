import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endsWithRun, hasEnded } from '@underpin/testing/test-run';
import type { ExpectedRow, Question } from '../oracle/interval-oracle';
import type { RunningPlatform } from '../platform/running-platform';

export const repository = path.resolve(__dirname, '../../../..');

/** Builds the player, as `npm run replay` does first. */
export const buildPlayer = (): void => {
  const compiler = createRequire(__filename).resolve('typescript/lib/tsc.js');
  execFileSync(process.execPath, [compiler, '-b', path.join(repository, 'apps/replay')], { cwd: repository });
};

interface Played {
  /** The JSON that was written. */
  readonly rows: readonly ExpectedRow[];
  readonly said: string;
}

/** Plays a history through a platform. `hears` gets everything that the player says while it runs. */
export const play = async (
  platform: Pick<RunningPlatform, 'ready'>,
  history: string,
  { target, period, zone, tiers, from }: Question,
  flags: readonly string[] = [],
  hears: (said: string) => void = () => undefined,
): Promise<Played> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'underpin-replay-'));
  const [file, json, ready] = [
    path.join(folder, 'history'),
    path.join(folder, 'rows.json'),
    path.join(folder, 'ready.json'),
  ];
  writeFileSync(file, history);
  writeFileSync(ready, JSON.stringify(platform.ready));
  const terms = ['--target', target, '--period', period, '--zone', zone, '--from', from];
  const remedy = ['--tiers', tiers.map(({ below, percent }) => `${below}:${percent}`).join(',')];
  const args = [file, ...terms, ...remedy, '--ready-file', ready, '--json', json, ...flags];
  const { code, said } = await run(path.join(repository, 'apps/replay/dist/main.js'), args, hears);
  try {
    if (code !== 0 || !existsSync(json)) throw new Error(`The replay ends with ${code}:\n${said.slice(-4_000)}`);
    return { rows: JSON.parse(readFileSync(json, 'utf8')) as ExpectedRow[], said };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** A made-up history, the same for the same flags. */
export const generated = async (...flags: string[]): Promise<string> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'underpin-generated-'));
  const file = path.join(folder, 'history.jsonl');
  await run(path.join(repository, 'apps/replay/dist/generate.js'), [file, ...flags], () => undefined);
  const history = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  return history;
};

const run = (
  script: string,
  args: readonly string[],
  hears: (said: string) => void,
): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    endsWithRun(child.pid!, 'SIGTERM');
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        hears(said);
      });
    child.once('close', (code) => {
      hasEnded(child.pid!);
      resolve({ code, said });
    });
  });

/**
 * The same history under other ids: to the platform another history, whose services nobody has heard of, with the same figures.
 */
export const retold = (history: string, as: string): string =>
  history
    .split('\n')
    .map((line) =>
      line.trim() === '' ? line : JSON.stringify({ ...JSON.parse(line), id: `${as}-${JSON.parse(line).id}` }),
    )
    .join('\n');
