import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exclusively } from './exclusively';

/** Set by `jest-global-setup` for all workers of a run: `<pid of the run>-<something unique>`. */
export const TEST_RUN = 'UNDERPIN_TEST_RUN';

/** What names this test run: from Jest's global set-up, or, outside of Jest, this very process. */
export const testRun = (): string =>
  process.env[TEST_RUN] ?? `${process.pid}-${Math.round(performance.timeOrigin).toString(36)}`;

/** Folder of this run's servers: made on first use, removed when the run ends. */
export const runFolder = (): string => path.join(tmpdir(), `underpin-test-${testRun()}`);

/**
 * One server for the whole run, shared by all its workers: the first that asks starts it, the others wait and get the
 * same answer. A run that never asks pays nothing.
 *
 * @param start starts the server; what it answers must survive JSON. What it spawns it records with `endsWithRun`.
 */
export async function oncePerRun<T>(name: string, start: () => Promise<T>): Promise<T> {
  const answer = path.join(runFolder(), `${name}.json`);
  const known = (): T | undefined => (existsSync(answer) ? JSON.parse(readFileSync(answer, 'utf8')) : undefined);
  return (
    known() ??
    exclusively(answer, async () => {
      const already = known();
      if (already !== undefined) return already;
      openRun();
      const started = await start();
      writeFileSync(`${answer}.new`, JSON.stringify(started));
      renameSync(`${answer}.new`, answer);
      return started;
    })
  );
}

/** Makes the run's folder, and starts the process that ends whatever the run leaves behind. */
export function openRun(): string {
  const folder = runFolder();
  // Others may look through it, not into it: PostgreSQL runs as its own user and keeps its files below.
  if (mkdirSync(folder, { recursive: true, mode: 0o711 }) === undefined) return folder;
  const owner = testRun().split('-', 1)[0] ?? '';
  spawn(process.execPath, [path.join(__dirname, '..', 'src', 'reaper.cjs'), folder, owner], {
    detached: true, // out of the terminal's process group: Ctrl-C ends the run, and this comes after
    stdio: 'ignore',
  }).unref();
  return folder;
}

/** Puts a process on record to be ended with the run, by `signal` first. Call it in the same turn as `spawn`. */
export const endsWithRun = (pid: number, signal: NodeJS.Signals): void => record('processes', String(pid), signal);

/** Puts a Docker container on record to be removed with the run. */
export const containerEndsWithRun = (id: string): void => record('containers', id, '');

function record(kind: 'processes' | 'containers', name: string, content: string): void {
  const folder = path.join(openRun(), kind);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), content);
}

/** Takes a process that has ended off the record: its number may soon be another's. */
export const hasEnded = (pid: number): void =>
  rmSync(path.join(runFolder(), 'processes', String(pid)), { force: true });
