import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tx } from '../persistence/tx';
import type { UnitOfWork } from '../persistence/unit-of-work';
import type { Log } from '../telemetry/logger';

/** Work that a service does by itself, a transaction at a time (recounts, retention). */
export interface Worker {
  readonly name: string;
  /** One turn. True if there may be more to do at once. */
  turn(tx: Tx): Promise<boolean>;
}

/** Module token for the workers of a service. */
export const WORKERS = Symbol('workers');

const POLL_MS = 250;
const REST_AFTER_FAILURE_MS = 1_000;

/** Runs each worker in a loop of its own; a poke after a commit makes them look at once. */
export class Workers {
  private loops: Promise<void>[] = [];
  private readonly ending = new AbortController();
  private readonly wakes = new Map<string, AbortController>();

  constructor(
    private readonly work: UnitOfWork,
    private readonly workers: readonly Worker[],
    private readonly service: string,
    private readonly log: Log,
  ) {
    work.onCommit('work', this);
  }

  start(): void {
    this.loops = this.workers.map((worker) => this.loop(worker));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.poke();
    await Promise.all(this.loops);
  }

  /** There is something to do. */
  poke(): void {
    this.wakes.forEach((wake) => wake.abort());
  }

  private async loop(worker: Worker): Promise<void> {
    while (!this.ending.signal.aborted) {
      let rest = POLL_MS;
      const wake = new AbortController();
      this.wakes.set(worker.name, wake);
      try {
        const actor = { who: this.service, door: 'worker', useCase: worker.name, correlationId: randomUUID() } as const;
        if (await this.work.run(actor, (tx) => worker.turn(tx))) continue;
      } catch (error) {
        rest = REST_AFTER_FAILURE_MS;
        this.log.error('A worker failed and will try again', { err: error, worker: worker.name });
      }
      if (!this.ending.signal.aborted) await pause(rest, undefined, { signal: wake.signal }).catch(() => undefined);
    }
  }
}
