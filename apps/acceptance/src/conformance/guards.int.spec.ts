import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../../../..');
const GUARDS = join(ROOT, 'apps/acceptance/guards');
const MINUTE = 60_000;
const run = promisify(execFile);

/** A guard of the event plumbing: the patch that removes it, and the test that must not bear it. */
interface Guard {
  readonly patch: string;
  readonly spec: string;
  readonly test: string;
}

const guards: readonly Guard[] = [
  {
    patch: 'version-guard',
    spec: 'postgres-log.int',
    test: 'keeps the highest version, whatever comes late or out of order',
  },
  {
    patch: 'position-compare-and-set',
    spec: 'postgres-log.int',
    test: 'fails on the position when it resumes as a zombie, after another has done its work',
  },
  {
    patch: 'relay-order',
    spec: 'outbox-relay.int',
    test: 'publishes by position, whatever the order in which the rows stand',
  },
];

/**
 * The tree is copied, so that a run that is killed in the middle leaves no guard removed.
 * (Servers are shared with this run: the copy finds them by the environment that it inherits.)
 */
describe('A guard of the event plumbing', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'underpin-guards-'));
    for (const part of ['libs', 'deploy/kafka', 'jest.preset.cjs', 'package.json', 'tsconfig.base.json'])
      cpSync(join(ROOT, part), join(copy, part), {
        recursive: true,
        filter: (from) => !/[\\/](node_modules|dist)([\\/]|$)/.test(from),
      });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const patched = (guard: Guard, ...flags: string[]) =>
    execFileSync('git', ['apply', '--unidiff-zero', ...flags, join(GUARDS, `${guard.patch}.patch`)], {
      cwd: copy,
      stdio: 'pipe',
    });

  /** The outcome of the guard's test in the copy. */
  const outcomeOf = async ({ spec, test }: Guard): Promise<string> => {
    const jest = [
      join(ROOT, 'node_modules/jest/bin/jest.js'),
      '-c',
      join(copy, 'libs/platform/jest.config.cjs'),
      '--json',
      '--silent',
      spec,
      '-t',
      test,
    ];
    const { stdout } = await run(process.execPath, jest, { cwd: copy, maxBuffer: 64 * 1_048_576 }).catch(
      (error: { stdout: string }) => error,
    );
    const results = (JSON.parse(stdout) as { testResults: { assertionResults: { title: string; status: string }[] }[] })
      .testResults;
    const found = results
      .flatMap((file) => file.assertionResults)
      .filter(({ title, status }) => title === test && status !== 'pending');
    return found.map(({ status }) => status).join() || 'not found';
  };

  it.each(guards)(
    'is missed when it is removed: $patch',
    async (guard) => {
      patched(guard);
      const without = await outcomeOf(guard);
      patched(guard, '--reverse');
      expect({ without, with: await outcomeOf(guard) }).toEqual({ without: 'failed', with: 'passed' });
    },
    3 * MINUTE,
  );
});
