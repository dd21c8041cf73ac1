import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BackOff } from './back-off';
import { endOfLog, lastWords } from './log-tail';
import { keepLogsBounded } from './log-files';
import { isAlive } from './process-info';
import { Supervisor, type ProcessPlan } from './supervisor';

jest.setTimeout(60_000);

let place: string;
let said: string[];
let pids: number[];
let supervisor: Supervisor;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'supervisor-spec-'));
  said = [];
  pids = [];
  supervisor = new Supervisor({ say: (line) => said.push(line), started: (_, pid) => pids.push(pid) });
});
afterEach(async () => {
  await supervisor.stop([['it']]);
  rmSync(place, { recursive: true });
});

const ready = () => join(place, 'ready');
const SERVES =
  "process.stdin.on('end', () => process.exit(0)).resume(); require('fs').writeFileSync(process.argv[1], '')";

const plan = (script: string, more: Partial<ProcessPlan> = {}): ProcessPlan => ({
  name: 'it',
  args: ['-e', script, ready()],
  env: process.env,
  log: join(place, 'it.log'),
  stopWithinMs: 2_000,
  readyWithinMs: 10_000,
  ready: async (signal) => {
    while (!existsSync(ready())) {
      if (signal.aborted) throw new Error('no file yet');
      await pause(10);
    }
  },
  ...more,
});

const until = async (what: () => boolean): Promise<void> => {
  while (!what()) await pause(20);
};

describe('a supervised process', () => {
  it('is started again when it dies, and that is said', async () => {
    await supervisor.start(plan(SERVES));
    rmSync(ready());
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await until(() => said.length === 2);
    expect(said[0]).toMatch(/^it ended after [\d.]+ s \(SIGKILL\); starting it again in 0\.5 s$/);
    expect(said[1]).toMatch(/^it is ready again/);
    expect(pids).toHaveLength(2);
  });

  it('is given up when it ends three times before it is ready, with its last words', async () => {
    const dies = plan("console.error('UNDERPIN_PORT is missing'); process.exit(3)");
    await expect(supervisor.start(dies)).rejects.toThrow(
      /it ends while it starts \(exit code 3\)\. Its log, .*it\.log, ends with:\n  \| UNDERPIN_PORT is missing$/,
    );
    expect(said[0]).toBe('it ended while starting (exit code 3: UNDERPIN_PORT is missing); starting it again in 0.5 s');
    expect(pids).toHaveLength(3);
  });

  it('is refused when it neither gets ready nor ends, with what it waits for', async () => {
    const hangs = plan('setInterval(() => undefined, 1000)', { readyWithinMs: 300, stopWithinMs: 100 });
    await expect(supervisor.start(hangs)).rejects.toThrow(/it is not ready after 0\.3 s \(no file yet\)/);
  });

  it('stops when its pipe is closed, and is killed when it does not', async () => {
    await supervisor.start(plan(SERVES));
    await supervisor.stop([['it']]);
    expect(said).toEqual([]);
    expect(isAlive(pids[0] ?? 0)).toBe(false);
  });

  it('that does not stop is killed', async () => {
    await supervisor.start(
      plan("setInterval(() => undefined, 1000); require('fs').writeFileSync(process.argv[1], '')", {
        stopWithinMs: 200,
      }),
    );
    await supervisor.stop([['it']]);
    expect(said).toEqual(['it did not stop within 0.2 s and was killed']);
    expect(isAlive(pids[0] ?? 0)).toBe(false);
  });

  it('does not start any more once everything is stopping', async () => {
    await supervisor.stop([]);
    await expect(supervisor.start(plan(SERVES))).rejects.toThrow('Stopping');
    await expect(supervisor.run('it', plan(''))).rejects.toThrow('Stopping');
  });
});

describe('a command', () => {
  it('runs to its end', async () => {
    await supervisor.run('migration', plan("console.log('done')"));
    expect(readFileSync(join(place, 'it.log'), 'utf8')).toBe('done\n');
  });

  it('that fails says why', () =>
    expect(supervisor.run('migration', plan("throw new Error('relation exists')"))).rejects.toThrow(
      /migration ends while it starts \(exit code 1\)[^]*\| Error: relation exists$/,
    ));
});

describe('the wait before a restart', () => {
  it('doubles to a limit, and begins again after a quiet time', () => {
    const backOff = new BackOff();
    expect([0, 10, 0, 0, 0, 0, 0, 0].map((ran) => backOff.next(ran))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect([60_000, 0].map((ran) => backOff.next(ran))).toEqual([500, 1_000]);
  });
});

describe('the last words of a log', () => {
  it.each([
    ['nothing', '', ''],
    [
      'a structured error with its cause',
      '{"level":"error","message":"A request failed","err":{"message":"no table"}}\n{"level":"info","message":"bye"}\n',
      'A request failed: no table',
    ],
    [
      'an uncaught error, not its stack',
      '/a/b.js:1\nError: it broke\n    at foo (/a/b.js:1:1)\n\nNode.js v20.20.2\n',
      'Error: it broke',
    ],
    ['plain text', 'one\ntwo\n\n', 'two'],
  ])('are %s', (_, text, expected) => {
    const log = join(place, 'log');
    writeFileSync(log, text);
    expect(lastWords(log)).toBe(expected);
  });
});

describe('the end of a log', () => {
  it('is what one process wrote, as people read it', () => {
    const log = join(place, 'log');
    const before = 'of an earlier start\n';
    writeFileSync(
      log,
      `${before}{"level":"info","message":"listening"}\n{"level":"fatal","message":"No start","err":{"message":"two problems:\\n  - a\\n  - b"}}\n    at x (/y.js:1:1)\n`,
    );
    expect(endOfLog(log, before.length)).toEqual(['info listening', 'fatal No start: two problems:', '  - a', '  - b']);
    expect(endOfLog(log, 1_000_000)).toContain('of an earlier start');
    expect(endOfLog(join(place, 'none'))).toEqual([]);
  });
});

describe('logs', () => {
  it('are put aside when they are large, and written on by a process that has them open', () => {
    const log = join(place, 'it.log');
    const open = openSync(log, 'a');
    writeSync(open, 'x'.repeat(100));
    keepLogsBounded(place, 99)();
    writeSync(open, 'more');
    closeSync(open);
    expect(readFileSync(`${log}.1`, 'utf8')).toHaveLength(100);
    expect(readFileSync(log, 'utf8')).toBe('more');
    keepLogsBounded(place, 99)();
    expect(readFileSync(log, 'utf8')).toBe('more');
  });
});
