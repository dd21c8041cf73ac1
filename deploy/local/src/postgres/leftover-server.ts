import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../private-file';
import { commandOf, gone, isAlive } from '../process-info';
import { Refusal } from '../refusal';

const STOP_WITHIN_MS = 30_000;

/**
 * Before a server is started: ends the server of a killed run that still has this data directory open, removes the `postmaster.pid` of one that
 * is dead. The number in that file proves nothing by itself: after a reboot another program may have it, so its command line is asked too.
 * @throws Refusal when the server does not end.
 */
export async function endLeftoverServer(path: string, say: (line: string) => void): Promise<void> {
  if (!existsSync(path)) return;
  const directory = realpathSync(path);
  const pidFile = join(directory, 'postmaster.pid');
  const pid = pidIn(readIfThere(pidFile));
  if (pid === null) return;
  const command = isAlive(pid) ? commandOf(pid) : '';
  if (!/postgres/.test(command)) {
    rmSync(pidFile, { force: true });
    return;
  }
  // A server whose directory we do not recognise is left to PostgreSQL, which looks at the shared memory before it starts.
  if (!isServerOf(directory, command)) return;
  say(`a PostgreSQL server that was left behind still has the data open (process ${pid}): stopping it`);
  interrupt(pid);
  if (!(await gone(pid, STOP_WITHIN_MS)))
    throw new Refusal(
      `The PostgreSQL server of an earlier run (process ${pid}) does not stop: end it ("kill -QUIT ${pid}"), then start again.`,
    );
}

/** The first line of `postmaster.pid`; null when there is no file or it is torn. */
export const pidIn = (text: string | null): number | null => {
  const first = text?.split('\n', 1)[0]?.trim() ?? '';
  return /^[1-9]\d*$/.test(first) ? Number(first) : null;
};

/** Whether this command line is a PostgreSQL server on that directory. */
export const isServerOf = (directory: string, command: string): boolean =>
  /postgres/.test(command) && ` ${command} `.includes(` -D ${directory} `);

/** "Fast" shutdown: open transactions are rolled back, what was committed is written. */
const interrupt = (pid: number): void => {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    throw new Refusal(
      `The PostgreSQL server of an earlier run (process ${pid}) may not be stopped by this user (${(error as Error).message}): start as the user that started it.`,
    );
  }
};
