/** Waits between the restarts of one process: doubling, up to a limit, from the beginning again after a quiet time. */
export class BackOff {
  private attempt = 0;

  constructor(
    private readonly firstMs = 500,
    private readonly limitMs = 30_000,
    private readonly quietMs = 60_000,
  ) {}

  /** How long to wait now, given how long the process ran this time. */
  next(ranMs: number): number {
    if (ranMs >= this.quietMs) this.attempt = 0;
    const wait = Math.min(this.firstMs * 2 ** this.attempt, this.limitMs);
    this.attempt += 1;
    return wait;
  }
}
