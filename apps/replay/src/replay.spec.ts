import { FakePlatform } from './fake-platform.fixtures';
import { optionsOf } from './options';
import { planOf } from './plan';
import { Platform } from './platform';
import { voiceOn, type Voice } from './progress';
import { readHistory } from './reading/read-history';
import { replay } from './replay';
import { jsonOf } from './rows';
import { Writable } from 'node:stream';

const quiet: Voice = voiceOn(new Writable({ write: (_chunk, _encoding, done) => done() }));

const history = [
  {
    id: 'a',
    components: ['API Requests', 'Actions'],
    impact: 'minor',
    startedAt: '2024-01-10T10:00:00Z',
    resolvedAt: '2024-01-10T14:00:00Z',
  },
  {
    id: 'b',
    components: ['Actions'],
    impact: 'critical',
    startedAt: '2024-04-02T00:00:00Z',
    resolvedAt: '2024-04-03T12:00:00Z',
  },
  {
    id: 'c',
    components: ['Visit www'],
    impact: 'none',
    startedAt: '2024-04-02T00:00:00Z',
    resolvedAt: '2024-04-03T00:00:00Z',
  },
  { id: 'd', components: [], impact: 'major', startedAt: '2024-04-02T00:00:00Z', resolvedAt: '2024-04-03T00:00:00Z' },
]
  .map((incident) => JSON.stringify(incident))
  .join('\n');

describe('a replay', () => {
  let fake: FakePlatform;
  let url: string;
  beforeEach(async () => {
    fake = new FakePlatform();
    url = await fake.start();
  });
  afterEach(() => fake.stop());

  const played = (text = history, args: readonly string[] = ['--from', '2024-01-01'], apiKey = 'upk_fake') => {
    const options = optionsOf(['history.jsonl', ...args]);
    const now = Date.now();
    return replay(new Platform({ url, apiKey }), planOf(readHistory(text, now), options.terms, now), options, quiet);
  };

  it('gives a row for each service and period, also for those without an outage', async () => {
    expect(JSON.parse(jsonOf(await played()))).toEqual([
      {
        service: 'API Requests',
        period: '2024-Q1',
        agreedMs: 91 * 86_400_000,
        downtimeMs: 4 * 3_600_000,
        outages: 1,
        met: false,
        creditPercent: 10,
      },
      {
        service: 'API Requests',
        period: '2024-Q2',
        agreedMs: 91 * 86_400_000,
        downtimeMs: 0,
        outages: 0,
        met: true,
        creditPercent: 0,
      },
      {
        service: 'Actions',
        period: '2024-Q1',
        agreedMs: 91 * 86_400_000,
        downtimeMs: 4 * 3_600_000,
        outages: 1,
        met: false,
        creditPercent: 10,
      },
      {
        service: 'Actions',
        period: '2024-Q2',
        agreedMs: 91 * 86_400_000,
        downtimeMs: 36 * 3_600_000,
        outages: 1,
        met: false,
        creditPercent: 25,
      },
      {
        service: 'Visit www',
        period: '2024-Q1',
        agreedMs: 91 * 86_400_000,
        downtimeMs: 0,
        outages: 0,
        met: true,
        creditPercent: 0,
      },
      {
        service: 'Visit www',
        period: '2024-Q2',
        agreedMs: 91 * 86_400_000,
        downtimeMs: 0,
        outages: 0,
        met: true,
        creditPercent: 0,
      },
    ]);
  });

  it('closes only what is over, and prints what is still down as not over yet', async () => {
    const open = JSON.stringify({
      id: 'o',
      components: ['Actions'],
      impact: 'minor',
      startedAt: '2024-01-10T10:00:00Z',
      resolvedAt: null,
    });
    const rows = await played(open, ['--from', '2024-01-01']);
    expect(rows.map(({ open: isOpen }) => isOpen)).toEqual([...rows.slice(1).map(() => false), true]);
    expect(rows.at(-1)!.downtimeMs).toBeLessThan(rows.at(-1)!.agreedMs);
  });

  it('sends the same when it is played again', async () => {
    await played();
    const first = fake.bodies.splice(0);
    await played();
    expect(
      fake.bodies
        .filter(({ path }) => !path.includes('batch'))
        .map((sent) => JSON.stringify(sent))
        .sort(),
    ).toEqual(
      first
        .filter(({ path }) => !path.includes('batch'))
        .map((sent) => JSON.stringify(sent))
        .sort(),
    );
    expect(fake.bodies.filter(({ path }) => path.includes('batch'))).toEqual(
      first.filter(({ path }) => path.includes('batch')),
    );
  });

  it.each([
    ['shuffled', ['--shuffle', '7']],
    ['repeated', ['--repeat', '3']],
    ['late', ['--late']],
    ['all of it', ['--shuffle', '7', '--repeat', '2', '--late']],
  ])('comes to the same when delivered %s', async (_name, args) => {
    const expected = await played();
    expect(await played(history, ['--from', '2024-01-01', ...args])).toEqual(expected);
  });

  it('tries again what is answered "not now", a whole request and a single report', async () => {
    fake.interruptions.push(
      { path: /batch/, answer: { status: 503, body: {} } },
      { path: /prices/, answer: { status: 404, body: {} } },
    );
    fake.reportProblems.push({ status: 503, body: { detail: 'busy' } });
    expect(await played()).toHaveLength(6);
    expect(fake.told.size).toBe(3);
  });

  it('closes nothing when a report is refused for good, and says which and why', async () => {
    fake.reportProblems.push({ status: 422, body: { detail: 'occurredAt is before the year 2000' } });
    await expect(played()).rejects.toThrow(
      /refuses a report, so no period was closed:\n {2}a:\w+ \(opened\): 422 occurredAt is before/,
    );
    expect(fake.bodies.filter(({ path }) => path.includes('close'))).toEqual([]);
  });

  it("says the platform's own words when a request is refused", async () => {
    fake.interruptions.push({
      path: /agreements/,
      answer: { status: 409, body: { code: 'agreement.already-agreed', detail: 'Amend it.' } },
    });
    await expect(played()).rejects.toThrow(/PUT .*agreements.* was refused: 409 agreement\.already-agreed: Amend it\./);
  });

  it('says so when the key does not fit', async () => {
    await expect(played(history, [], 'upk_other')).rejects.toThrow(/The API key does not open this door/);
  });
});
