interface TestOutcome {
  readonly status: string;
  readonly title: string;
  readonly ancestorTitles: readonly string[];
  readonly fullName: string;
}

/** What the reporter reads of Jest's results. */
interface Run {
  readonly startTime: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly displayName?: { readonly name: string };
    readonly testResults: readonly TestOutcome[];
  }[];
}

declare class ClosingLine {
  constructor(globalConfig: { readonly testNamePattern?: string });
  onRunComplete(contexts: unknown, run: Run): void;
  /** A failure of the run itself: something was skipped without a reason. */
  getLastError(): Error | undefined;
  static lines(run: Run, seconds: number): string[];
}

export = ClosingLine;
