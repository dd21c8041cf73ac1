import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf, isAlive } from './process-info';
import { RunLock } from './run-lock';

jest.setTimeout(60_000);

let place: string;
let said: string[];
let other: ChildProcess;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'run-lock-spec-'));
  said = [];
  other = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1000)']);
  if (other.stdout !== null) await once(other.stdout, 'data');
});
afterEach(() => {
  other.kill('SIGKILL');
  rmSync(place, { recursive: true });
});

const path = () => join(place, 'run.lock');
const take = () => RunLock.take(path(), 'http://127.0.0.1:7100', (line) => said.push(line));
const ofOther = (more: object = {}) => {
  const running = { name: 'availability', pid: other.pid, command: commandOf(other.pid ?? 0) };
  return { ...running, gateway: 'http://127.0.0.1:7200', stopping: false, children: [], ...more };
};
const held = (holder: unknown) => writeFileSync(path(), JSON.stringify(holder));

describe('the lock of a data directory', () => {
  it('names its holder and what that started, and is gone when it is released', async () => {
    const lock = await take();
    lock.record('postgres', other.pid ?? 0);
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({
      pid: process.pid,
      children: [{ name: 'postgres', pid: other.pid }],
    });
    lock.release();
    expect(existsSync(path())).toBe(false);
  });

  it('is refused while another run holds it, with what to do', async () => {
    held(ofOther());
    await expect(take()).rejects.toThrow(
      new RegExp(
        `already running .*process ${other.pid}, http://127.0.0.1:7200.*Ctrl-C .* or "kill ${other.pid}", or start a second`,
      ),
    );
  });

  it('is waited for when the other run is stopping', async () => {
    held(ofOther({ stopping: true }));
    const taken = take();
    setImmediate(() => other.kill());
    (await taken).release();
    expect(said).toEqual([`an earlier run (process ${other.pid}) is just stopping: waiting for it`]);
  });

  it('of a run that was killed is taken over, once what it left has ended', async () => {
    held({ ...ofOther({ pid: 999_999_999 }), children: [ofOther()] });
    const taken = take();
    setImmediate(() => other.kill());
    (await taken).release();
    expect(said).toEqual([`an earlier run was killed; waiting for what it left: availability (${other.pid})`]);
  });

  it('whose process number belongs to another program by now is taken over, and that program left alone', async () => {
    held({ ...ofOther({ command: 'node something-else' }), children: [ofOther({ command: 'node something-else' })] });
    (await take()).release();
    expect([isAlive(other.pid ?? 0), said]).toEqual([true, []]);
  });

  it.each(['', '{"pid": 1'])('that is torn (%j) is taken over', async (text) => {
    writeFileSync(path(), text);
    (await take()).release();
  });
});
