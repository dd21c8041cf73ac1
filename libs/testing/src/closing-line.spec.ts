import ClosingLine from './closing-line.cjs';
import { describeUnless } from './skipping';

const test = (status: string, title: string, ...ancestorTitles: string[]) => ({
  status,
  title,
  ancestorTitles,
  fullName: [...ancestorTitles, title].join(' '),
});

const run = (...files: { project: string; tests: ReturnType<typeof test>[] }[]) => {
  const all = files.flatMap(({ tests }) => tests);
  return {
    startTime: 0,
    numPassedTests: all.filter(({ status }) => status === 'passed').length,
    numFailedTests: all.filter(({ status }) => status === 'failed').length,
    numRuntimeErrorTestSuites: 0,
    testResults: files.map(({ project, tests }) => ({ displayName: { name: project }, testResults: tests })),
  };
};

const errorOf = (one: ReturnType<typeof run>, globalConfig = {}): string | undefined => {
  const reporter = new ClosingLine(globalConfig);
  const once = jest.spyOn(process, 'once').mockReturnValue(process); // it would speak when this process ends
  reporter.onRunComplete([], one);
  once.mockRestore();
  return reporter.getLastError()?.message;
};

describe('the closing line of a test run', () => {
  it('says what ran, what was skipped and why, and ends with a line that stands alone', () =>
    expect(
      ClosingLine.lines(
        run(
          { project: 'kernel', tests: [test('passed', 'adds'), test('failed', 'divides')] },
          {
            project: 'platform',
            tests: [
              test('pending', 'a', 'a broker (skipped: no Java 17)'),
              test('pending', 'b', 'a broker (skipped: no Java 17)'),
            ],
          },
          { project: 'kernel', tests: [test('passed', 'rounds')] },
        ),
        7,
      ),
    ).toEqual([
      'Ran: kernel 3 (3 files, 7 s)',
      'Skipped: 2 tests: no Java 17',
      'tests: 2 passed, 1 failed, 2 skipped',
    ]));

  it('counts a file that could not be run as a failure', () =>
    expect(ClosingLine.lines({ ...run(), numRuntimeErrorTestSuites: 1 }, 0)).toEqual([
      'Ran: nothing (0 files, 0 s)',
      'Files that could not be run: 1',
      'tests: 0 passed, 1 failed, 0 skipped',
    ]));

  it('fails a run in which something was skipped without a reason', () =>
    expect(errorOf(run({ project: 'kernel', tests: [test('pending', 'forgotten'), test('passed', 'run')] }))).toContain(
      'forgotten',
    ));

  it('asks no reason of what was left out on the command line', () =>
    expect(
      errorOf(run({ project: 'kernel', tests: [test('pending', 'other')] }), { testNamePattern: 'run' }),
    ).toBeUndefined());

  it('is content with a reason', () =>
    expect(errorOf(run({ project: 'kernel', tests: [test('pending', 'a (skipped: no Docker)')] }))).toBeUndefined());
});

describe('describeUnless', () => {
  describeUnless(null, 'where nothing is missing', () => {
    it('runs', () => undefined);
  });
});
