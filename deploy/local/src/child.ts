import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { openLog } from './log-files';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildPlan {
  /** What node is given: its own flags, a script, the script's arguments. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Standard output and error are appended to this file. */
  readonly log: string;
}

/** A process of ours. It ends when the pipe on its standard input does, so also when we are killed. */
export interface Child {
  readonly pid: number;
  /** Where in its log its own words begin, in bytes. */
  readonly logFrom: number;
  readonly exited: Promise<Exit>;
  /** Asks it to stop; after `withinMs` it is killed. True when it stopped by itself. */
  stop(withinMs: number): Promise<boolean>;
  /** At once, with what it started. */
  kill(): void;
}

/** As shells say it. */
const COULD_NOT_START = 126;

/** `exit code 1`, `SIGKILL` */
export const describe = ({ code, signal }: Exit): string => signal ?? `exit code ${code}`;

export function startChild({ args, env, log }: ChildPlan): Child {
  const { file, from } = openLog(log);
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['pipe', file, file],
    // Its own group: Ctrl-C in the terminal reaches the launcher alone, which then stops everything in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  closeSync(file);
  child.stdin?.on('error', () => undefined); // the pipe of a process that has just died
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: COULD_NOT_START, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const kill = () => {
    try {
      if (process.platform === 'win32') child.kill('SIGKILL');
      else if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // gone in this moment
    }
  };
  return {
    pid: child.pid ?? 0,
    logFrom: from,
    exited,
    kill,
    async stop(withinMs) {
      let killed = false;
      const timer = setTimeout(() => {
        killed = true;
        kill();
      }, withinMs);
      child.stdin?.end();
      await exited;
      clearTimeout(timer);
      return !killed;
    },
  };
}
