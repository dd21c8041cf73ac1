import { setTimeout as pause } from 'node:timers/promises';
import { BackOff } from './back-off';
import { describe, startChild, type Child, type ChildPlan, type Exit } from './child';
import { endOfLog, lastWords } from './log-tail';
import { elapsed } from './progress';
import { Refusal } from './refusal';

export interface ProcessPlan extends ChildPlan {
  readonly name: string;
  readonly stopWithinMs: number;
  readonly readyWithinMs: number;
  /** Resolves when the process is ready; rejects with the reason why it is not, once `signal` says that waiting is over. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  /** Before each start: what a process that died may have left. */
  readonly before?: () => Promise<void>;
}

export interface SupervisorEvents {
  /** A line for the person at the terminal. */
  say(line: string): void;
  started(name: string, pid: number): void;
}

/** A process that ends so often before it is ready has a reason that another attempt does not change. */
const ATTEMPTS_TO_BEGIN = 3;

/** Starts processes, starts them again when they die, stops them in the order that it is told. */
export class Supervisor {
  private readonly running: Supervised[] = [];
  private readonly commands = new Set<Child>();
  private stopping = false;

  constructor(private readonly events: SupervisorEvents) {}

  /** Resolves when the process is ready. From then on it is started again whenever it ends. @throws Refusal when it does not get ready. */
  async start(plan: ProcessPlan): Promise<void> {
    this.refuseWhenStopping();
    const process = new Supervised(plan, this.events);
    this.running.push(process);
    await process.begin();
  }

  /** Runs a command to its end. @throws Refusal when it fails. */
  async run(name: string, plan: ChildPlan): Promise<void> {
    this.refuseWhenStopping();
    const child = startChild(plan);
    this.commands.add(child);
    const exit = await child.exited.finally(() => this.commands.delete(child));
    if (exit.code !== 0) throw new Refusal(failure(name, exit, plan.log, child.logFrom));
  }

  /** Stops one batch after the other; the processes of a batch stop together. Nothing starts any more from here on. */
  async stop(batches: readonly (readonly string[])[]): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.commands].map((child) => child.stop(1_000)));
    for (const batch of batches)
      await Promise.all(this.running.filter(({ name }) => batch.includes(name)).map((process) => process.stop()));
  }

  /** At once, without order. */
  kill(): void {
    this.stopping = true;
    for (const child of this.commands) child.kill();
    for (const process of this.running) process.kill();
  }

  private refuseWhenStopping(): void {
    if (this.stopping) throw new Refusal('Stopping.');
  }
}

/** One process over its restarts. */
class Supervised {
  readonly name: string;
  private child: Child | null = null;
  private readonly over = new AbortController();
  private readonly backOff = new BackOff();

  constructor(
    private readonly plan: ProcessPlan,
    private readonly events: SupervisorEvents,
  ) {
    this.name = plan.name;
  }

  async begin(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { child, exit } = await this.untilReady();
      if (exit === null) {
        void this.watch(child);
        return;
      }
      if (this.over.signal.aborted) throw new Refusal('Stopping.');
      if (attempt === ATTEMPTS_TO_BEGIN) throw new Refusal(failure(this.name, exit, this.plan.log, child.logFrom));
      await this.waitToRestart(child, exit, 0);
    }
  }

  async stop(): Promise<void> {
    this.over.abort();
    const stopped = await this.child?.stop(this.plan.stopWithinMs);
    if (stopped === false)
      this.events.say(`${this.name} did not stop within ${elapsed(this.plan.stopWithinMs)} and was killed`);
  }

  kill(): void {
    this.over.abort();
    this.child?.kill();
  }

  /** Starts it anew for ever, until it is stopped. */
  private async watch(first: Child): Promise<void> {
    let child = first;
    let since = performance.now();
    for (;;) {
      const exit = await child.exited;
      if (this.over.signal.aborted) return;
      await this.waitToRestart(child, exit, performance.now() - since);
      if (this.isOver()) return;
      since = performance.now();
      try {
        const next = await this.untilReady();
        child = next.child;
        if (next.exit === null) this.events.say(`${this.name} is ready again (${elapsed(performance.now() - since)})`);
      } catch (error) {
        if (this.isOver()) return;
        this.events.say((error as Error).message);
        child = this.child ?? child;
      }
    }
  }

  /** One start: ready (no exit), or how it ended before. @throws Refusal when it neither gets ready nor ends. */
  private async untilReady(): Promise<{ child: Child; exit: Exit | null }> {
    await this.plan.before?.();
    if (this.over.signal.aborted) throw new Refusal('Stopping.');
    const child = startChild(this.plan);
    this.child = child;
    this.events.started(this.name, child.pid);
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), this.plan.readyWithinMs);
    try {
      const exit = await Promise.race([this.plan.ready(waiting.signal).then(() => null), child.exited]);
      return { child, exit };
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal(
        `${this.name} is not ready after ${elapsed(this.plan.readyWithinMs)} (${(error as Error).message}); its log: ${this.plan.log}`,
      );
    } finally {
      clearTimeout(timer);
      waiting.abort();
    }
  }

  /** Asked anew after each wait. */
  private isOver(): boolean {
    return this.over.signal.aborted;
  }

  private async waitToRestart({ logFrom }: Child, exit: Exit, ranMs: number): Promise<void> {
    const wait = this.backOff.next(ranMs);
    const after = ranMs === 0 ? 'while starting' : `after ${elapsed(ranMs)}`;
    // A process that was killed had no last word; what its log ends with is about something else.
    const words = exit.signal === null ? lastWords(this.plan.log, logFrom) : '';
    this.events.say(
      `${this.name} ended ${after} (${describe(exit)}${words === '' ? '' : `: ${words}`}); starting it again in ${elapsed(wait)}`,
    );
    await pause(wait, undefined, { signal: this.over.signal }).catch(() => undefined);
  }
}

const failure = (name: string, exit: Exit, log: string, logFrom: number): string => {
  const end = endOfLog(log, logFrom);
  const sentence = `${name} ends while it starts (${describe(exit)})`;
  return end.length === 0
    ? `${sentence} and says nothing; its log is ${log}`
    : [`${sentence}. Its log, ${log}, ends with:`, ...end.map((line) => `  | ${line}`)].join('\n');
};
