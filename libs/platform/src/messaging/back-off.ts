/** Waiting times that double from `firstMs` to `mostMs`, each between a half and the whole so that many do not knock at once. */
export class BackOff {
  private failures = 0;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
  ) {}

  /** The time to wait after one more failure, in milliseconds. */
  next(): number {
    const whole = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.failures, 30));
    this.failures += 1;
    return whole / 2 + Math.random() * (whole / 2);
  }

  /** Something went well: the next failure is a first one. */
  reset(): void {
    this.failures = 0;
  }
}

/** Resolves after so many milliseconds, or at once when the signal is aborted. Machine time. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });

/** Waits for the work, at the longest so many milliseconds; the work goes on. Machine time. */
export const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  const waited = new AbortController();
  await Promise.race([work, pause(ms, waited.signal)]);
  waited.abort();
};
