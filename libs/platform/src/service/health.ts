/** One thing that must hold before a process is ready; the answer says what is waited for. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<string | null> | string | null;
}

export interface HealthReport {
  readonly status: 'ready' | 'not-ready';
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly waitingFor?: string }[];
  /** What a process has to say beyond that: the offset that it goes by, the partitions that it reads. */
  readonly [fact: string]: unknown;
}

/** Collects the checks of a process: each gives null when all is well, or what it waits for. */
export class Health {
  private readonly checks: HealthCheck[] = [];
  private readonly facts = new Map<string, () => unknown>();

  add(check: HealthCheck): void {
    this.checks.push(check);
  }

  /** A fact that is told with every report. */
  tell(name: string, read: () => unknown): void {
    this.facts.set(name, read);
  }

  async report(): Promise<HealthReport> {
    const checks = await Promise.all(
      this.checks.map(async ({ name, check }) => {
        const waitingFor = await Promise.resolve()
          .then(check)
          .catch((error: unknown) => (error as Error).message);
        return waitingFor === null ? { name, ok: true } : { name, ok: false, waitingFor };
      }),
    );
    const facts = Object.fromEntries([...this.facts].map(([name, read]) => [name, read()]));
    return { ...facts, status: checks.every((c) => c.ok) ? 'ready' : 'not-ready', checks };
  }
}
