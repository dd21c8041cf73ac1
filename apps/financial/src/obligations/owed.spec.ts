import type { Price } from '../prices/price';
import { clause, monthly, october, reached } from './obligations.fixtures';
import { owed, type Attained, type Clause } from './owed';
import { microPercent, percentText } from './share';

const priced = (
  ...rates: [from: string, to: string | null, minor: bigint, per: Price['rates'][number]['per']][]
): Price => ({
  ...monthly,
  rates: rates.map(([from, to, amountMinor, per]) => ({ from, to, amountMinor, per })),
});

describe('what is owed for an attainment', () => {
  // Each amount by hand from its row: fee of October 2026 × min(combined, cap), rounded half to even.
  it.each<
    [string, Attained, Clause | null, Price, { fee: bigint; percent: string; capUsed: string | null; amount: bigint }]
  >([
    [
      'nothing, as long as no tier is reached',
      reached(null),
      clause,
      monthly,
      { fee: 1_000_000n, percent: '0', capUsed: null, amount: 0n },
    ],
    [
      'the first tier of the worked example: 10 % of 10,000.00',
      reached('10'),
      clause,
      monthly,
      { fee: 1_000_000n, percent: '10', capUsed: null, amount: 100_000n },
    ],
    [
      'its second tier: 25 %',
      reached('25'),
      clause,
      monthly,
      { fee: 1_000_000n, percent: '25', capUsed: null, amount: 250_000n },
    ],
    [
      'a tier at exactly the cap uses no cap',
      reached('50'),
      clause,
      monthly,
      { fee: 1_000_000n, percent: '50', capUsed: null, amount: 500_000n },
    ],
    [
      'a tier above the cap is cut off',
      reached('80'),
      clause,
      monthly,
      { fee: 1_000_000n, percent: '50', capUsed: '50', amount: 500_000n },
    ],
    [
      'the highest of two targets: no failure is compensated twice',
      reached('10', '25'),
      clause,
      monthly,
      { fee: 1_000_000n, percent: '25', capUsed: null, amount: 250_000n },
    ],
    [
      'their sum, if the clause says so',
      reached('10', '25'),
      { ...clause, combine: 'sum' },
      monthly,
      { fee: 1_000_000n, percent: '35', capUsed: null, amount: 350_000n },
    ],
    [
      'a sum above the cap is cut off',
      reached('30', '25'),
      { ...clause, combine: 'sum' },
      monthly,
      { fee: 1_000_000n, percent: '50', capUsed: '50', amount: 500_000n },
    ],
    [
      'without a cap a sum may be more than the fee',
      reached('60', '50'),
      { ...clause, combine: 'sum', cap: null },
      monthly,
      { fee: 1_000_000n, percent: '110', capUsed: null, amount: 1_100_000n },
    ],
    [
      'nothing under a term without a remedy, whatever is reached',
      reached('10'),
      null,
      monthly,
      { fee: 1_000_000n, percent: '0', capUsed: null, amount: 0n },
    ],
    [
      'nothing by a tier of 0 %',
      reached('0'),
      clause,
      monthly,
      { fee: 1_000_000n, percent: '0', capUsed: null, amount: 0n },
    ],
    [
      'nothing by a cap of 0 %',
      reached('10'),
      { ...clause, cap: '0' },
      monthly,
      { fee: 1_000_000n, percent: '0', capUsed: '0', amount: 0n },
    ],
    // 0.01 EUR × 50 % = half a cent, to the even 0; 0.03 EUR × 50 % = 1.5 cents, to the even 2.
    [
      'half a cent rounds to the even cent: down',
      reached('50'),
      clause,
      priced(['2026-01-01', null, 1n, 'month']),
      { fee: 1n, percent: '50', capUsed: null, amount: 0n },
    ],
    [
      'half a cent rounds to the even cent: up',
      reached('50'),
      clause,
      priced(['2026-01-01', null, 3n, 'month']),
      { fee: 3n, percent: '50', capUsed: null, amount: 2n },
    ],
    // 31 of the 92 days of the quarter: 30,000.00 × 31 / 92 = 10,108.6956…; a tenth, rounded once: 1,010.87 (not 10 % of 10,108.70 = 1,010.87).
    [
      'a quarterly price by actual days',
      reached('10'),
      clause,
      priced(['2026-01-01', null, 3_000_000n, 'quarter']),
      { fee: 1_010_870n, percent: '10', capUsed: null, amount: 101_087n },
    ],
    // 11 days at 10,000.00 and 20 at 12,000.00 a month: 10,000 × 11/31 + 12,000 × 20/31 = 11,290.3225…
    [
      'a price that changes inside the period',
      reached('10'),
      clause,
      priced(['2026-01-01', '2026-10-12', 1_000_000n, 'month'], ['2026-10-12', null, 1_200_000n, 'month']),
      { fee: 1_129_032n, percent: '10', capUsed: null, amount: 112_903n },
    ],
  ])('is %s', (_what, attained, remedy, price, expected) =>
    expect(owed(attained, remedy, price)).toMatchObject({ ...expected, waitingFor: [], currency: 'EUR' }),
  );

  it('rounds once: the fee that is shown is rounded, the amount comes from the exact fee', () =>
    // 0.03 EUR × 31 / 92 = 1.0108… cents, shown as 1; half of it is 0.5054… cents = 1 (half of the rounded fee would be 0).
    expect(owed(reached('50'), clause, priced(['2026-01-01', null, 3n, 'quarter']))).toMatchObject({
      fee: 1n,
      amount: 1n,
    }));

  it('is rounded to the minor unit of its currency: yen have none', () =>
    expect(
      owed(reached('10'), clause, {
        ...monthly,
        currency: 'JPY',
        rates: [{ from: '2026-01-01', amountMinor: 99_995n, per: 'month' }],
      }),
    ).toMatchObject({
      fee: 99_995n,
      amount: 10_000n,
    }));

  it('waits for the price, and says whose', () =>
    expect(owed(reached('10'), clause, undefined)).toMatchObject({
      waitingFor: ['price of payroll for acme'],
      amount: 0n,
      fee: null,
      currency: null,
    }));

  it('waits for the days that the list leaves without a price', () =>
    expect(owed(reached('10'), clause, priced(['2026-10-11', null, 1_000_000n, 'month']))).toMatchObject({
      waitingFor: ['price of payroll for acme from 2026-10-01 up to 2026-10-11'],
      amount: 0n,
    }));

  it('waits for the agreement, and for both', () => {
    expect(owed(reached('10'), undefined, monthly).waitingFor).toEqual(['agreement sla-acme-payroll']);
    expect(owed(reached('10'), undefined, undefined).waitingFor).toEqual([
      'agreement sla-acme-payroll',
      'price of payroll for acme',
    ]);
  });

  it('waits for nothing when nothing is owed anyway', () => {
    expect(owed(reached(null), undefined, undefined)).toMatchObject({ waitingFor: [], amount: 0n });
    expect(owed(october, clause, undefined).waitingFor).toEqual([]);
  });

  // UC with the hoster, 4,000.00 a month, 5 %: 200.00, to be filed by 30 November (P30D after the end of October).
  it('is a claim on the supplier, with a deadline in the zone of the agreement', () =>
    expect(
      owed(
        { ...reached('5'), direction: 'claim', party: 'hoster' },
        { ...clause, claimBy: 'P30D' },
        { ...monthly, party: 'hoster', rates: [{ from: '2026-01-01', amountMinor: 400_000n, per: 'month' }] },
      ),
    ).toMatchObject({ amount: 20_000n, deadline: Date.parse('2026-11-30T23:00:00.000Z') }));

  it('is a state that people see when nobody can reckon with a clause', () =>
    expect(owed({ ...reached('5'), direction: 'claim' }, { ...clause, claimBy: 'P999999Y' }, monthly)).toMatchObject({
      amount: 0n,
      waitingFor: [expect.stringContaining('P999999Y')],
    }));
});

describe('percentages', () => {
  it.each([
    ['10', 10_000_000n],
    ['0', 0n],
    ['99.9', 99_900_000n],
    ['0.000001', 1n],
    ['100', 100_000_000n],
  ])('%s % are integers and the same text again', (text, micro) => {
    expect(microPercent(text)).toBe(micro);
    expect(percentText(micro)).toBe(text);
  });
});
