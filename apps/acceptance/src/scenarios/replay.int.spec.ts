import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeUnless } from '@underpin/testing/skipping';
import { COMMITMENT, expectedRows, type ExpectedRow, type Question } from '../oracle/interval-oracle';
import { RunningPlatform } from '../platform/running-platform';
import { buildPlayer, generated, play, repository, retold } from './replay-run.fixtures';

const published = path.resolve(repository, '../shared/data/github-incidents-2022-2024.jsonl');
const noPublished = existsSync(published) ? null : 'no ../shared/data/github-incidents-2022-2024.jsonl';
const odd = readFileSync(path.join(repository, 'apps/acceptance/fixtures/incidents.jsonl'), 'utf8');

const BERLIN: Question = {
  target: '99.5',
  period: 'month',
  zone: 'Europe/Berlin',
  tiers: [
    { below: '99.5', percent: '5' },
    { below: '98.75', percent: '12.5' },
    { below: '90', percent: '100' },
  ],
  from: '2022-01-15',
};
const NEW_YORK: Question = { ...COMMITMENT, zone: 'America/New_York' };
const PERFECT: Question = { ...COMMITMENT, target: '100', tiers: [{ below: '100', percent: '3' }], from: '2022-03-15' };

const MINUTE = 60_000;

const sorted = (rows: readonly ExpectedRow[]): ExpectedRow[] =>
  [...rows].sort((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : a.period < b.period ? -1 : 1));

describe('the replay of an incident history through the running platform', () => {
  let platform: RunningPlatform;

  beforeAll(async () => {
    buildPlayer();
    platform = await RunningPlatform.start();
  }, 5 * MINUTE);
  afterAll(() => platform.stop(), 2 * MINUTE);

  /** Plays it and compares every row with the oracle's. */
  const playsAsExpected = async (history: string, question: Question, ...flags: string[]): Promise<void> => {
    const { rows } = await play(platform, history, question, flags);
    expect(sorted(rows)).toEqual(sorted(expectedRows(history, question)));
  };

  /** Everything of a list, page by page. */
  const list = async <T>(door: string, plural: string): Promise<T[]> => {
    const found: T[] = [];
    let after = '';
    for (;;) {
      const page = await platform.ask<Record<string, unknown>>('GET', `${door}?limit=500${after}`);
      found.push(...(page[plural] as T[]));
      if (typeof page.next !== 'string') return found;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  };

  /** Everything that a replay could have changed, with the revisions. */
  const everything = async () => ({
    outages: (await list<Revised>('/availability/outages', 'outages')).map(revisionOf).sort(),
    figures: (await list<Revised>('/availability/figures', 'figures')).map(revisionOf).sort(),
    attainments: (await list<Revised>('/service-level/attainments', 'attainments')).map(revisionOf).sort(),
    journals: (await list<Revised>('/financial/ledger/journals', 'journals')).map(revisionOf).sort(),
    creditNotes: (await list<Revised>('/financial/credit-notes', 'creditNotes')).map(revisionOf).sort(),
  });

  describeUnless(noPublished, 'the published history of 2022 to 2024', () => {
    const history = () => readFileSync(published, 'utf8');

    it(
      'comes to the figures of interval arithmetic, all of them',
      () => playsAsExpected(history(), COMMITMENT),
      5 * MINUTE,
    );
    it(
      'and so it does by the months of Berlin under another promise',
      () => playsAsExpected(history(), BERLIN),
      5 * MINUTE,
    );
    it(
      'and so it does shuffled, repeated and late',
      () => playsAsExpected(retold(history(), 'retold'), COMMITMENT, '--shuffle', '42', '--repeat', '2', '--late'),
      5 * MINUTE,
    );
  });

  it.each([
    ['by quarters in UTC', COMMITMENT],
    ['by the months of Berlin, from the middle of one', BERLIN],
    ['by the quarters of New York', NEW_YORK],
    ['with nothing allowed at all', PERFECT],
  ])(
    'a history of oddities comes to the figures of interval arithmetic %s',
    (_name, question) => playsAsExpected(odd, question),
    5 * MINUTE,
  );

  it.each([
    ['in another order', ['--shuffle', '7']],
    ['three times over', ['--repeat', '3']],
    ['some of it late', ['--late']],
    ['in another order, three times over, some of it late', ['--shuffle', 'x', '--repeat', '3', '--late']],
  ])(
    'delivered %s it comes to the same',
    (name, flags) => playsAsExpected(retold(odd, name.replaceAll(/\W/g, '')), COMMITMENT, ...flags),
    5 * MINUTE,
  );

  it(
    'played again, it changes nothing',
    async () => {
      await playsAsExpected(odd, COMMITMENT);
      const before = await everything();
      await playsAsExpected(odd, COMMITMENT, '--shuffle', '1', '--repeat', '2', '--late');
      expect(await everything()).toEqual(before);
    },
    5 * MINUTE,
  );

  it(
    'lets an open incident run to now, and closes only what is over',
    async () => {
      const open = JSON.stringify({
        id: 'open',
        components: ['Open'],
        impact: 'major',
        startedAt: '2024-02-10T10:00:00Z',
        resolvedAt: null,
      });
      const before = expectedRows(open, COMMITMENT);
      const { rows } = await play(platform, open, COMMITMENT);
      const after = expectedRows(open, COMMITMENT);
      expect(rows.slice(0, -1)).toEqual(before.slice(0, -1));
      const running = rows.at(-1)!;
      expect(running).toMatchObject({ period: after.at(-1)!.period, agreedMs: after.at(-1)!.agreedMs, outages: 0 });
      expect(running.downtimeMs).toBeGreaterThanOrEqual(before.at(-1)!.downtimeMs - MINUTE);
      expect(running.downtimeMs).toBeLessThanOrEqual(after.at(-1)!.downtimeMs);
    },
    5 * MINUTE,
  );

  it(
    'comes to the same figures with processes killed in the middle: nothing lost, nothing counted twice',
    async () => {
      const history = await generated('--incidents', '1500', '--services', '5', '--seed', 'killed');
      let deaths: Promise<void> | undefined;
      const oneAfterTheOther = async () => {
        for (const victim of ['availability', 'service-level', 'gateway', 'financial']) {
          platform.kill(victim);
          await platform.untilReady();
        }
      };
      const { rows } = await play(platform, history, COMMITMENT, [], (said) => {
        if (said.includes('Set up')) deaths ??= oneAfterTheOther();
      });
      expect(deaths).toBeDefined();
      await deaths;
      expect(sorted(rows)).toEqual(sorted(expectedRows(history, COMMITMENT)));
    },
    10 * MINUTE,
  );

  describe('the ledger, after all of it', () => {
    it('is in balance', async () => {
      const { accounts } = await platform.ask<{ accounts: { currency: string; balance: string }[] }>(
        'GET',
        '/financial/ledger/trial-balance',
      );
      expect(accounts.length).toBeGreaterThan(0);
      const sums = new Map<string, bigint>();
      for (const { currency, balance } of accounts)
        sums.set(currency, (sums.get(currency) ?? 0n) + tenThousandths(balance));
      expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
    });

    it('says in each journal which revision of which attainment has caused it', async () => {
      const attainments = await list<{ agreement: string; from: string; revision: number }>(
        '/service-level/attainments',
        'attainments',
      );
      const revisions = new Map(attainments.map(({ agreement, from, revision }) => [`${agreement}/${from}`, revision]));
      const journals = await list<{ cites: unknown }>('/financial/ledger/journals', 'journals');
      expect(journals.length).toBeGreaterThan(0);
      for (const { cites } of journals) {
        const cited = typeof cites === 'string' ? cites : JSON.stringify(cites);
        const id = [...revisions.keys()].find((key) => cited.includes(key));
        expect({ cited, id }).toEqual({ cited, id: expect.any(String) });
        const revision = Number(/(\d+)\D*$/.exec(cited)?.[1]);
        expect(revision).toBeGreaterThanOrEqual(1);
        expect(revision).toBeLessThanOrEqual(revisions.get(id!) ?? 0);
      }
    });
  });
});

interface Revised {
  readonly id: string;
  readonly version?: number;
  readonly revision?: number;
  readonly status?: string;
}

const revisionOf = ({ id, version, revision, status }: Revised): string => [id, version, revision, status].join(' ');

/** A decimal amount with up to four decimals as an integer. */
const tenThousandths = (amount: string): bigint => {
  const [, sign = '', units = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(amount) ?? [];
  return BigInt(`${sign}${units}${decimals.padEnd(4, '0')}`);
};
