import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether a process of that number exists, ours to signal or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/**
 * The command line of a process, empty when it is gone or cannot be asked. A process number alone proves nothing: numbers are used again.
 */
export function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return process.platform === 'win32'
      ? ask(
          'powershell',
          '-NoProfile',
          '-Command',
          `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
        )
      : ask('ps', '-ww', '-o', 'command=', '-p', String(pid));
  } catch {
    return '';
  }
}

/** Who started a process; null when it is gone, or cannot be asked. */
export function parentOf(pid: number): number | null {
  try {
    return Number(
      process.platform === 'linux' ? statOf(pid).split(' ')[1] : ask('ps', '-o', 'ppid=', '-p', String(pid)),
    );
  } catch {
    return null;
  }
}

const ask = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** What Linux tells about a process after its name: state, parent, … */
const statOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2);
};

/** True when the process has gone within the time. */
export async function gone(pid: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (isAlive(pid)) {
    if (performance.now() > until) return false;
    await pause(50);
  }
  return true;
}

/** Dead, and only waiting for a parent that never asks (a container without an init has such parents). */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return statOf(pid).startsWith('Z');
  } catch {
    return false;
  }
}
