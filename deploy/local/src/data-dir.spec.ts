import { describeUnless } from '@underpin/testing/skipping';
import { chownSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { dataDirAt, openDataDir } from './data-dir';
import { apiKeyOf } from './keys';
import { inspectCluster } from './postgres/cluster';
import { isServerOf, pidIn } from './postgres/leftover-server';
import { passwordsOf } from './secrets';

let place: string;
beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'data-dir-spec-'))));
afterEach(() => rmSync(place, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('a data directory', () => {
  it('is made on the first start and known on the second', () => {
    const root = join(place, 'deep', 'data');
    expect(openDataDir(root)).toEqual(dataDirAt(root));
    expect(openDataDir(root)).toEqual(dataDirAt(root));
  });

  it("is not somebody else's directory", () => {
    writeFileSync(join(place, 'thesis.tex'), '');
    expect(() => openDataDir(place)).toThrow(
      /is not empty and is no data directory of Underpin: choose .* --data-dir DIR/,
    );
  });

  it('is no file', () => {
    writeFileSync(join(place, 'file'), '');
    expect(() => openDataDir(join(place, 'file'))).toThrow(/is a file/);
    expect(() => openDataDir(join(place, 'file', 'below'))).toThrow(/cannot be used .*ENOTDIR/);
  });

  it.each([
    ['{"layout":2}', 'layout 2'],
    ['{"lay', 'layout unknown'],
  ])('of another layout (%s) is refused', (text, said) => {
    writeFileSync(join(place, 'underpin.json'), text);
    expect(() => openDataDir(place)).toThrow(said);
  });

  describeUnless(process.getuid?.() === 0 ? null : 'only root can give files away', 'of another user', () => {
    it('is refused, even for root', () => {
      openDataDir(place);
      chownSync(join(place, 'underpin.json'), 4711, 4711);
      expect(() => openDataDir(place)).toThrow(/belongs to another user \(number 4711\): start as that user, or/);
    });
  });

  it('keeps the bus that it was begun with', () => {
    openDataDir(place, 'kafka');
    expect(openDataDir(place, 'kafka')).toEqual(dataDirAt(place));
    expect(() => openDataDir(place, 'postgres')).toThrow(
      /begun with the kafka bus, .* asks for postgres: set UNDERPIN_BUS=kafka, or/,
    );
  });
});

describe('what is secret in it', () => {
  it('is a key of 256 bits that only its owner reads, and its hash for the services', () => {
    const dir = openDataDir(place);
    const { text, generated } = apiKeyOf(dir);
    expect(generated).toBe(true);
    expect(text).toMatch(/^upk_[\w-]{43}$/);
    expect(readFileSync(dir.apiKey, 'utf8')).toBe(`${text}\n`);
    expect(JSON.parse(readFileSync(dir.keys, 'utf8'))).toEqual([
      {
        id: 'local',
        sha256: createHash('sha256')
          .update(text ?? '')
          .digest('hex'),
        scopes: ['*'],
      },
    ]);
    expect([modeOf(dir.keys), modeOf(dir.apiKey)]).toEqual([0o600, 0o600]);
    expect(apiKeyOf(dir)).toEqual({ text, generated: false });
    rmSync(dir.apiKey);
    expect(apiKeyOf(dir)).toEqual({ text: null, generated: false });
  });

  it('is a password for each of twelve roles, the same on the next start', () => {
    const dir = openDataDir(place);
    const passwords = passwordsOf(dir);
    expect(new Set(passwords.values()).size).toBe(12);
    expect([...passwords.keys()]).toEqual(
      expect.arrayContaining(['postgres', 'underpin_service_level_owner', 'underpin_bus_owner']),
    );
    expect(passwordsOf(dir)).toEqual(passwords);
    expect(modeOf(join(dir.secrets, 'postgres.json'))).toBe(0o600);
    expect(modeOf(dir.secrets)).toBe(0o700);
    writeFileSync(join(dir.secrets, 'postgres.json'), '{');
    expect(() => passwordsOf(dir)).toThrow(/damaged: restore it/);
  });
});

describe("PostgreSQL's own directory", () => {
  it('need not be there', () => expect(() => inspectCluster(join(place, 'postgres'), '18')).not.toThrow());

  it('is refused, with both versions, when another major version wrote it', () => {
    writeFileSync(join(place, 'PG_VERSION'), '17\n');
    expect(() => inspectCluster(place, '18')).toThrow(
      /written by PostgreSQL 17, and this Underpin brings PostgreSQL 18: start it with/,
    );
    expect(() => inspectCluster(place, '17')).not.toThrow();
  });

  it('is refused when it is no such thing, or a link to nothing', () => {
    mkdirSync(join(place, 'empty'));
    expect(() => inspectCluster(join(place, 'empty'), '18')).toThrow(/PG_VERSION is missing/);
    symlinkSync(join(place, 'gone'), join(place, 'link'));
    expect(() => inspectCluster(join(place, 'link'), '18')).toThrow(/which is gone/);
  });

  it.each([
    ['4711\n/data\n1700000000\n7110\n', 4711],
    ['', null],
    ['-4711\n', null],
    [null, null],
  ])('names its server in postmaster.pid: %j', (text, pid) => expect(pidIn(text)).toBe(pid));

  it.each([
    ['/opt/bin/postgres -D /data/postgres -c port=1', true],
    ['postgres -D /data/postgres', true],
    ['/opt/bin/postgres -D /data/postgres2 -c port=1', false],
    ['vim /data/postgres', false],
    ['', false],
  ])('is known from a server’s command line: %s', (command, expected) =>
    expect(isServerOf('/data/postgres', command)).toBe(expected),
  );
});
