import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../telemetry/logger';
import type { Tx } from '../persistence/tx';
import type { UnitOfWork } from '../persistence/unit-of-work';

/** What is to be done when a due time of this kind has come: reload the truth and ask the domain. */
export interface TimerHandler {
  readonly kind: string;
  fire(tx: Tx, key: string): Promise<void>;
}

/** Module token for the timer handlers of a service. */
export const TIMERS = Symbol('timer handlers');

const POLL_MS = 250;
const MAX_ATTEMPT_DELAY_MS = 60_000;

/**
 * Fires due times from the table `timer`. They survive restarts; any replica may fire one, under its row's lock, and the
 * row goes in the same transaction as the work: effectively once. A handler that fails keeps its row and is tried again later.
 */
export class Timers {
  private readonly handlers: ReadonlyMap<string, TimerHandler>;
  private running: Promise<void> = Promise.resolve();
  private readonly ending = new AbortController();
  private wake = new AbortController();
  private readonly notBefore = new Map<string, number>();

  constructor(
    private readonly work: UnitOfWork,
    handlers: readonly TimerHandler[],
    private readonly service: string,
    private readonly log: Log,
  ) {
    this.handlers = new Map(handlers.map((h) => [h.kind, h]));
    work.onCommit('timer', this);
  }

  start(): void {
    if (this.handlers.size > 0) this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.wake.abort();
    await this.running;
  }

  /** Look now: a timer was set. */
  poke(): void {
    this.wake.abort();
  }

  private async loop(): Promise<void> {
    while (!this.ending.signal.aborted) {
      const fired = await this.fireOne().catch((error: unknown) => {
        this.log.error('A timer could not be fired', { err: error });
        return false;
      });
      if (fired) continue;
      this.wake = new AbortController();
      await pause(POLL_MS, undefined, { signal: this.wake.signal }).catch(() => undefined);
    }
  }

  /** Fires the timer that has been due longest. False if none is due. */
  private async fireOne(): Promise<boolean> {
    const resting = this.resting();
    let taken: { kind: string; key: string } | undefined;
    try {
      return await this.work.once(
        { who: this.service, door: 'timer', useCase: 'Timers.fire', correlationId: randomUUID() },
        async (tx) => {
          [taken] = await tx.query<{ kind: string; key: string }>(
            `delete from timer where (kind, key) in (
               select kind, key from timer where due_at <= $1 and kind = any($2) and kind || '/' || key <> all($3)
               order by due_at limit 1 for update skip locked) returning kind, key`,
            [this.work.clock.now(), [...this.handlers.keys()], resting],
          );
          if (taken === undefined) return false;
          await this.handlers.get(taken.kind)?.fire(tx, taken.key);
          return true;
        },
      );
    } catch (error) {
      if (taken !== undefined) this.rest(taken, error);
      else throw error;
      return true;
    }
  }

  /** A timer whose handler failed stays in its row and rests for a while, so that it does not hold up the others. */
  private rest(timer: { kind: string; key: string }, error: unknown): void {
    const id = `${timer.kind}/${timer.key}`;
    const before = this.delays.get(id) ?? POLL_MS;
    this.delays.set(id, Math.min(before * 2, MAX_ATTEMPT_DELAY_MS));
    this.notBefore.set(id, performance.now() + before);
    this.log.error('A timer failed and will be tried again', { err: error, timer: id, inMs: before });
  }

  private readonly delays = new Map<string, number>();

  private resting(): string[] {
    const now = performance.now();
    for (const [id, at] of this.notBefore) if (at <= now) this.notBefore.delete(id);
    return [...this.notBefore.keys()];
  }
}
