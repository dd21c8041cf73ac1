import fc from 'fast-check';
import { roundHalfEven } from '@underpin/kernel/ratio';
import { instantOf } from '@underpin/kernel/time/instant';
import type { Account, Journal } from '../ledger/journal';
import type { Price } from '../prices/price';
import { explanationOf } from './explanation';
import { answer, type Obligation } from './obligation';
import { clause, monthly, october, place } from './obligations.fixtures';
import { unheardOf } from './obligations.table';
import { owed, type Attained, type Clause } from './owed';

/** What may arrive: a version of an attainment, an agreement with its clause, a price list. */
type Arrival =
  | { readonly kind: 'attainment'; readonly version: number; readonly attained: Attained }
  | { readonly kind: 'agreement'; readonly version: number; readonly clause: Clause | null }
  | { readonly kind: 'price'; readonly version: number; readonly price: Price };

/** Everything that is told about one obligation, in the order in which it came to be. */
interface Story {
  readonly arrivals: readonly Arrival[];
}

const percents = ['0', '5', '10', '12.5', '25', '33.333333', '50', '100'];

const attainments = fc
  .array(fc.array(fc.option(fc.constantFrom(...percents)), { minLength: 2, maxLength: 2 }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((revisions) =>
    fc.record({ revisions: fc.constant(revisions), closes: fc.boolean(), from: fc.integer({ min: 0, max: 700 }) }),
  )
  .map(({ revisions, closes, from }) =>
    revisions.map((credits, i): Arrival => {
      const last = i === revisions.length - 1;
      const start = october.from - from * 3_600_000;
      const attained: Attained = {
        ...october,
        id: `sla-acme-payroll/${new Date(start).toISOString()}`,
        from: start,
        revision: i + 1,
        closed: closes && last,
        targets: credits.map((credit, t) => ({ key: `target-${t}`, credit })),
      };
      return { kind: 'attainment', version: i + 1, attained };
    }),
  );

const clauses = fc.record({
  combine: fc.constantFrom('highest' as const, 'sum' as const),
  cap: fc.option(fc.constantFrom('20', '50', '100')),
  claimBy: fc.constant(null),
});

const rates = fc
  .record({
    change: fc.integer({ min: 1, max: 28 }),
    a: fc.bigInt(0n, 10n ** 9n),
    b: fc.bigInt(0n, 10n ** 9n),
    per: fc.constantFrom('month' as const, 'quarter' as const, 'year' as const),
  })
  .map(({ change, a, b, per }): Price => {
    const day = `2026-10-${String(change).padStart(2, '0')}`;
    return {
      ...monthly,
      rates: [
        { from: '2026-01-01', to: day, amountMinor: a, per },
        { from: day, to: null, amountMinor: b, per },
      ],
    };
  });

const stories: fc.Arbitrary<Story> = fc
  .record({ attainments, agreement: fc.array(fc.option(clauses), { minLength: 1, maxLength: 1 }), price: rates })
  .map(({ attainments: told, agreement, price }) => ({
    arrivals: [
      ...told,
      ...agreement.map((remedy, i): Arrival => ({ kind: 'agreement', version: i + 1, clause: remedy })),
      { kind: 'price', version: 1, price },
    ],
  }));

/** The books of one obligation: the highest version of each wins, and whatever changes is reckoned again. */
const booksAfter = (
  arrivals: readonly Arrival[],
): { obligation: Obligation; balances: Record<string, bigint>; journals: Journal[] } => {
  const heard = new Map<Arrival['kind'], Arrival>();
  const journals: Journal[] = [];
  let obligation: Obligation | undefined;
  for (const arrival of arrivals) {
    if ((heard.get(arrival.kind)?.version ?? 0) >= arrival.version) continue;
    heard.set(arrival.kind, arrival);
    const [attainment, agreement, price] = (['attainment', 'agreement', 'price'] as const).map((kind) =>
      heard.get(kind),
    );
    if (attainment?.kind !== 'attainment') continue;
    const { attained } = attainment;
    const now = owed(
      attained,
      agreement?.kind === 'agreement' ? agreement.clause : undefined,
      price?.kind === 'price' ? price.price : undefined,
    );
    const decision = answer(obligation ?? unheardOf(attained.agreement, attained.from), attained, now, place);
    obligation = decision.state;
    for (const fact of decision.facts) if ('journal' in fact && fact.journal !== null) journals.push(fact.journal);
  }
  return { obligation: obligation as Obligation, balances: balancesOf(journals), journals };
};

const balancesOf = (journals: readonly Journal[]): Record<string, bigint> => {
  const balances: Partial<Record<Account, bigint>> = {};
  for (const { account, amount } of journals.flatMap(({ entries }) => entries))
    balances[account] = (balances[account] ?? 0n) + amount.minor;
  return Object.fromEntries(Object.entries(balances).filter(([, balance]) => balance !== 0n));
};

/** What the books must hold in the end, reckoned on its own and slowly: day by day, in one denominator. */
const oracle = ({ arrivals }: Story): Record<string, bigint> => {
  const last = arrivals.flatMap((a) => (a.kind === 'attainment' ? [a.attained] : [])).at(-1) as Attained;
  const remedy = arrivals.flatMap((a) => (a.kind === 'agreement' ? [a.clause] : [])).at(-1) ?? null;
  const price = arrivals.flatMap((a) => (a.kind === 'price' ? [a.price] : [])).at(-1) as Price;
  if (remedy === null) return {};
  const micros = last.targets.map(({ credit }) => BigInt(Math.round(Number(credit ?? 0) * 1e6)));
  const combined =
    remedy.combine === 'sum'
      ? micros.reduce((sum, m) => sum + m, 0n)
      : micros.reduce((most, m) => (m > most ? m : most), 0n);
  const cap = remedy.cap === null ? combined : BigInt(Number(remedy.cap) * 1e6);
  const share = combined < cap ? combined : cap;

  // A multiple of the length of every month, quarter and year.
  const denominator = [28n, 30n, 31n, 90n, 91n, 92n, 365n, 366n].reduce((a, b) => a * b, 1n);
  let numerator = 0n;
  for (let day = Date.parse('2026-08-01'); day < Date.parse('2026-12-01'); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10);
    // Berlin is two hours ahead until 25 October 2026, 01:00 UTC, then one.
    const starts = day - (day <= Date.parse('2026-10-25') ? 7_200_000 : 3_600_000);
    if (starts < last.from || starts >= last.to) continue;
    const rate = price.rates.find((r) => r.from <= date && (r.to == null || date < r.to));
    if (rate === undefined) throw new Error(`no rate on ${date}`);
    const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
    const days = (from: number, to: number) => (Date.UTC(year, to, 1) - Date.UTC(year, from, 1)) / 86_400_000;
    const quarter = Math.floor((month - 1) / 3) * 3;
    const length = { month: days(month - 1, month), quarter: days(quarter, quarter + 3), year: days(0, 12) }[rate.per];
    numerator += rate.amountMinor * (denominator / BigInt(length));
  }
  const [num, den] = [numerator * share, denominator * 100_000_000n];
  const [floor, rest] = [num / den, (num % den) * 2n];
  const amount = rest > den || (rest === den && floor % 2n === 1n) ? floor + 1n : floor;
  if (amount === 0n) return {};
  return last.closed
    ? { 'service-credits': amount, 'credits-payable': -amount }
    : { 'service-credits': amount, 'accrued-credits': -amount };
};

/** Some of the arrivals come again, and all of them in any order. */
const anyOrder = (story: Story): fc.Arbitrary<readonly Arrival[]> =>
  fc
    .array(fc.constantFrom(...story.arrivals), { maxLength: 5 })
    .chain((again) =>
      fc.shuffledSubarray([...story.arrivals, ...again], { minLength: story.arrivals.length + again.length }),
    );

describe('whatever the order and repetition of what arrives', () => {
  it('the books end with the same balances, those of a slow reckoning on its own', () =>
    fc.assert(
      fc.property(
        stories.chain((story) => fc.record({ story: fc.constant(story), order: anyOrder(story) })),
        ({ story, order }) => {
          const { balances, obligation } = booksAfter(order);
          expect(balances).toEqual(oracle(story));
          expect(balances).toEqual(booksAfter(story.arrivals).balances);
          expect(obligation.waitingFor).toEqual([]);
        },
      ),
      { numRuns: 500 },
    ));

  it('each journal is balanced and cites the revision that it answers', () =>
    fc.assert(
      fc.property(stories.chain(anyOrder), (order) => {
        for (const { entries, cites } of booksAfter(order).journals) {
          expect(entries.reduce((sum, { amount }) => sum + amount.minor, 0n)).toBe(0n);
          expect(cites).toMatch(/^attainment\/sla-acme-payroll\/.+\/revision\/[1-5]$/);
        }
      }),
    ));

  it('the explanation, followed step by step, comes to the same fee and amount', () =>
    fc.assert(
      fc.property(stories, (story) => {
        const { obligation } = booksAfter(story.arrivals);
        const { fee, amount, parts } = explanationOf(obligation);
        // A close with nothing owed needs no price, and so may have been answered before one was known.
        if (obligation.fee !== null) expect(roundHalfEven(fee)).toBe(obligation.fee);
        expect(roundHalfEven(amount)).toBe(obligation.amount);
        expect(parts.map(({ from }) => from)).toEqual(parts.map(({ from }) => from).sort());
      }),
    ));

  it('an obligation that was never owed anything is told to nobody', () => {
    const attained: Attained = { ...october, from: instantOf('2026-09-30T22:00:00.000Z') };
    const { state, facts } = answer(
      unheardOf(attained.agreement, attained.from),
      attained,
      owed(attained, clause, monthly),
      place,
    );
    expect([state.announced, facts.map((f) => f.type)]).toEqual([false, ['reckoned']]);
  });
});
