/** One thing that must hold before a process is ready; the answer says what is waited for. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<string | null> | string | null;
}

export interface HealthReport {
  readonly status: 'ready' | 'not-ready';
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly waitingFor?: string }[];
}

/** Collects the checks of a process: each gives null when all is well, or what it waits for. */
export class Health {
  private readonly checks: HealthCheck[] = [];

  add(check: HealthCheck): void {
    this.checks.push(check);
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
    return { status: checks.every((c) => c.ok) ? 'ready' : 'not-ready', checks };
  }
}
