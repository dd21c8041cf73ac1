/**
 * Jest reporter: what ran, what was skipped and why, at the very end and in one place.
 *
 * A test is skipped with a reason (`describeUnless`, skipping.ts) or not at all: one without a reason fails the run.
 * Plain JavaScript, since Jest loads its reporters as they are.
 */
const REASON = / \(skipped: (.*)\)$/;

/** The reason is in the name of the test or of a `describe` around it: `on a real broker (skipped: no Java 17)`. */
const reasonOf = ({ ancestorTitles, title }) =>
  [...ancestorTitles, title].map((name) => REASON.exec(name)?.[1]).find((reason) => reason !== undefined);

const isSkipped = ({ status }) => ['pending', 'todo', 'disabled', 'skipped'].includes(status);

/** How often each name occurs, in the order of first sight. */
const count = (names) => {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts];
};

module.exports = class ClosingLine {
  constructor(globalConfig) {
    // `jest -t name` leaves out all other tests, and needs no reason for it.
    this.filtered = Boolean(globalConfig.testNamePattern);
    this.unexplained = [];
  }

  onRunComplete(_contexts, run) {
    const all = run.testResults.flatMap((file) => file.testResults);
    if (!this.filtered) this.unexplained = all.filter((test) => isSkipped(test) && reasonOf(test) === undefined);
    const seconds = Math.round((Date.now() - run.startTime) / 1_000);
    const text = ClosingLine.lines(run, seconds).join('\n');
    process.once('exit', () => process.stdout.write(`\n${text}\n`)); // Jest's own summary comes after all reporters
  }

  getLastError() {
    if (this.unexplained.length === 0) return undefined;
    const names = this.unexplained.map((test) => `\n  ${test.fullName}`).join('');
    return new Error(`Skipped without a reason (describeUnless of @underpin/testing/skipping gives one):${names}`);
  }

  /** The last line stands alone, as tools expect it: `tests: 12 passed, 0 failed, 3 skipped`. */
  static lines(run, seconds) {
    const tests = run.testResults.flatMap(({ displayName, testResults }) =>
      testResults.map((test) => ({ test, project: displayName?.name ?? 'tests' })),
    );
    const ran = count(tests.filter(({ test }) => !isSkipped(test)).map(({ project }) => project));
    const skipped = tests.filter(({ test }) => isSkipped(test)).map(({ test }) => reasonOf(test) ?? 'no reason given');
    const broken = run.numRuntimeErrorTestSuites;
    return [
      `Ran: ${ran.map(([project, n]) => `${project} ${n}`).join(', ') || 'nothing'} (${run.testResults.length} files, ${seconds} s)`,
      ...count(skipped).map(([reason, n]) => `Skipped: ${n} ${n === 1 ? 'test' : 'tests'}: ${reason}`),
      ...(broken > 0 ? [`Files that could not be run: ${broken}`] : []),
      `tests: ${run.numPassedTests} passed, ${run.numFailedTests + broken} failed, ${skipped.length} skipped`,
    ];
  }
};
