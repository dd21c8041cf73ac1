import { copyFileSync, openSync, fstatSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** A log is put aside when it is larger; one old one is kept, so that the logs of an installation stay below about 150 MB. */
const LOG_LIMIT_BYTES = 10 * 1_048_576;
const LOOK_EVERY_MS = 10_000;

/** Opens a log to be appended to; `from` is where this process's words begin. */
export function openLog(path: string): { readonly file: number; readonly from: number } {
  const file = openSync(path, 'a', 0o600);
  return { file, from: fstatSync(file).size };
}

/**
 * Keeps every `*.log` of a directory below its limit from now on; returns what ends that. The processes write to their files themselves, so
 * that they never depend on the launcher; therefore a large log is copied to `*.log.1` and emptied in place (it is open for appending).
 */
export function keepLogsBounded(directory: string, limit = LOG_LIMIT_BYTES, everyMs = LOOK_EVERY_MS): () => void {
  const look = () => {
    for (const name of readdirSync(directory))
      if (name.endsWith('.log')) putAsideWhenLarge(join(directory, name), limit);
  };
  const careful = () => {
    try {
      look();
    } catch {
      // A full disk or a file that has just gone: the next look may do better, and no process depends on it.
    }
  };
  careful();
  const timer = setInterval(careful, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function putAsideWhenLarge(log: string, limit: number): void {
  if (statSync(log).size <= limit) return;
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
}
