import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { commandOf, gone, isAlive } from './process-info';
import { readIfThere, writePrivately } from './private-file';
import { Refusal } from './refusal';

interface Running {
  readonly name: string;
  readonly pid: number;
  /** As the operating system tells it: number and command together say whether it is still the same process. */
  readonly command: string;
}

interface Holder extends Running {
  readonly gateway: string;
  /** It was asked to stop, and is at it. */
  readonly stopping: boolean;
  readonly children: readonly Running[];
}

/** How long the processes of a killed run get to end by themselves; they notice its death at once and finish what they have in hand. */
const LEFTOVER_GRACE_MS = 15_000;

/** How long a run that stops may need: the services, then PostgreSQL. */
const STOPPING_WITHIN_MS = 60_000;

/**
 * One run per data directory. The lock names its holder and the processes that it started, so that the next start can tell a run that is
 * going on (refused), from one that was killed (its last processes are awaited, then killed), from one that ended (no file).
 */
export class RunLock {
  private readonly children = new Map<string, Running>();
  private isStopping = false;

  private constructor(
    private readonly path: string,
    private readonly self: Running & { gateway: string },
  ) {}

  /**
   * Takes the lock; `say` hears what was found of a killed run.
   * @throws Refusal when another run holds it.
   */
  static async take(path: string, gateway: string, say: (line: string) => void): Promise<RunLock> {
    const self = { name: 'launcher', pid: process.pid, command: commandOf(process.pid), gateway };
    for (;;) {
      const lock = new RunLock(path, self);
      if (lock.create()) return lock;
      const text = await settled(path);
      const holder = parse(text);
      if (holder !== null && holder.stopping && isSame(holder)) {
        say(`an earlier run (process ${holder.pid}) is just stopping: waiting for it`);
        if (await gone(holder.pid, STOPPING_WITHIN_MS)) continue;
      }
      if (holder !== null && isSame(holder))
        throw new Refusal(
          `Underpin is already running on this data directory (process ${holder.pid}, ${holder.gateway}): ` +
            `use it, stop it with Ctrl-C where it runs or "kill ${holder.pid}", or start a second one with other --data-dir and --port.`,
        );
      if (holder !== null) await endLeftovers(holder, say);
      removeIfStill(path, text);
    }
  }

  /** Remembers a process that was started under this lock; called again on each restart. */
  record(name: string, pid: number): void {
    this.children.set(name, { name, pid, command: commandOf(pid) });
    writePrivately(this.path, this.text());
  }

  /** Tells who would start meanwhile that waiting is worth it. */
  stopping(): void {
    this.isStopping = true;
    try {
      writePrivately(this.path, this.text());
    } catch {
      // A full disk is no reason not to stop.
    }
  }

  release(): void {
    if (parse(readIfThere(this.path))?.pid === process.pid) rmSync(this.path, { force: true });
  }

  private create(): boolean {
    try {
      writeFileSync(this.path, this.text(), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private text(): string {
    const holder: Holder = { ...this.self, stopping: this.isStopping, children: [...this.children.values()] };
    return `${JSON.stringify(holder, null, 2)}\n`;
  }
}

const parse = (text: string | null): Holder | null => {
  try {
    return text === null ? null : (JSON.parse(text) as Holder);
  } catch {
    return null;
  }
};

/** A lock that is created at this very moment may be read before its text is in it. */
const settled = async (path: string): Promise<string | null> => {
  const text = readIfThere(path);
  if (text === null || parse(text) !== null) return text;
  await pause(200);
  return readIfThere(path);
};

const isSame = ({ pid, command }: Running): boolean => isAlive(pid) && commandOf(pid) === command;

async function endLeftovers(holder: Holder, say: (line: string) => void): Promise<void> {
  const left = holder.children.filter(isSame);
  if (left.length === 0) return;
  say(
    `an earlier run was killed; waiting for what it left: ${left.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`,
  );
  const ended = await Promise.all(left.map(({ pid }) => gone(pid, LEFTOVER_GRACE_MS)));
  left.filter((_, index) => !ended[index]).forEach(({ pid }) => kill(pid));
}

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone in this moment
  }
};

/** Two starts may find the same dead lock: whoever moves away a lock that is not the one it read has moved the other's, and puts it back. */
function removeIfStill(path: string, text: string | null): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) === text) rmSync(aside, { force: true });
  else renameSync(aside, path);
}
