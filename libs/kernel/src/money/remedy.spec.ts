import fc from 'fast-check';
import { DomainError } from '../errors';
import { plus, ratio, Ratio } from '../ratio';
import { dayOf, localDate } from '../time/civil';
import { instantOf } from '../time/instant';
import { periodFromLabel } from '../time/period';
import { startOfDay } from '../time/zone';
import { checkedRates, Fee, feeOf, Rate } from './proration';
import { checkedTiers, percentShare, Tier, tierAllowance, tierReached, uncredited } from './tiers';

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'taken';
};

/** Downtime that gives exactly this availability, of an agreed time of 1,000,000 ms. */
const AGREED = 1_000_000;
const downAt = (percent: number) => BigInt(Math.round((100 - percent) * 1e4)) * 10_000n;
const creditAt = (tiers: readonly Tier[], percent: number) =>
  tierReached(tiers, downAt(percent), AGREED)?.credit ?? null;

describe('the tiers of a remedy', () => {
  // F1: AWS EC2 SLA, region
  const ec2: Tier[] = [
    { below: '99.99', credit: '10' },
    { below: '99.0', credit: '30' },
    { below: '95.0', credit: '100' },
  ];
  it.each([
    [100, null],
    [99.99, null],
    [99.9899, '10'],
    [99.0, '10'],
    [98.9999, '30'],
    [95.0, '30'],
    [94.9999, '100'],
    [0, '100'],
  ])('F1, AWS EC2: at %d %% the credit is %s', (percent, credit) => expect(creditAt(ec2, percent)).toBe(credit));

  // F3: aws.amazon.com/s3/sla/historical, Standard and Infrequent Access
  const standard: Tier[] = [
    { below: '99.9', credit: '10' },
    { below: '99.0', credit: '25' },
    { below: '95.0', credit: '100' },
  ];
  const infrequent: Tier[] = [
    { below: '99.0', credit: '10' },
    { below: '98.0', credit: '25' },
    { below: '95.0', credit: '100' },
  ];
  it.each([
    [99.9, null, null],
    [99.5, '10', null],
    [99, '10', null],
    [98.5, '25', '10'],
    [98, '25', '10'],
    [97, '25', '25'],
    [95, '25', '25'],
    [94, '100', '100'],
  ])('F3, AWS S3: at %d %% the credit is %s, for infrequent access %s', (percent, credit, infrequentCredit) => {
    expect(creditAt(standard, percent)).toBe(credit);
    expect(creditAt(infrequent, percent)).toBe(infrequentCredit);
  });

  it('reach what equals an inclusive bound', () => {
    const tiers: Tier[] = [{ below: '99.9', inclusive: true, credit: '10' }];
    expect([99.9001, 99.9, 99.8999].map((percent) => creditAt(tiers, percent))).toEqual([null, '10', '10']);
    expect(tierAllowance(tiers[0]!).key).toBe('availability:1/1000:>=');
  });

  it('credit nothing when nothing was measured', () => expect(tierReached(standard, 0n, 0)).toBeNull());

  it('may come in any order', () => {
    expect(checkedTiers([standard[2]!, standard[0]!, standard[1]!])).toEqual(standard);
    expect(creditAt([...standard].reverse(), 98.5)).toBe('25');
  });

  it.each<[string, Tier[], string]>([
    ['tiers.none', [], ''],
    ['tiers.bound-twice', [standard[0]!, { below: '99.90', credit: '20' }], '99.90'],
    ['tiers.credit-not-rising', [standard[0]!, { below: '99.0', credit: '10' }], '10 % below 99.0'],
    ['tiers.credit-not-rising', [standard[0]!, { below: '99.0', credit: '5' }], '5 % below 99.0'],
    ['tiers.always-reached', [{ below: '100', inclusive: true, credit: '1' }], '100'],
    ['tier.below.out-of-range', [{ below: '101', credit: '1' }], '"101"'],
    ['tier.below.malformed', [{ below: '1e309', credit: '1' }], '"1e309"'],
    ['tier.credit.out-of-range', [{ below: '99', credit: '0' }], '"0"'],
    ['tier.credit.out-of-range', [{ below: '99', credit: '100.5' }], '"100.5"'],
  ])('are refused when they contradict themselves: %s', (code, tiers, named) => {
    expect(codeOf(() => checkedTiers(tiers))).toBe(code);
    expect(() => checkedTiers(tiers)).toThrow(named);
  });

  it('that begin below the target leave a stretch without credit, which can be told', () => {
    expect(uncredited('99.95', standard)).toEqual({ from: '99.9', below: '99.95' });
    expect(uncredited('99.9', standard)).toBeNull();
  });

  it('credit an exact share', () => expect(percentShare('12.5', 'credit')).toEqual(ratio(1n, 8n)));
});

describe('the fee of a period by actual days', () => {
  const monthly = (amountMinor: bigint, from: string, to?: string): Rate => ({ from, to, amountMinor, per: 'month' });
  const ofPeriod = (label: string, zone: string, rates: Rate[]): Fee => {
    const { from, to } = periodFromLabel(label, zone);
    return feeOf({ start: from, end: to }, zone, rates);
  };
  const priced = (minor: Ratio): Fee => ({ kind: 'priced', minor });
  const always = [monthly(1_000_000n, '2000-01-01')];

  it.each([
    ['2026-10', 1_000_000n],
    ['2024-02', 1_000_000n],
    ['2024-Q1', 3_000_000n],
    ['2024', 12_000_000n],
  ])('of %s at 10,000.00 a month is %d minor units', (label, minor) => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia'])
      expect(ofPeriod(label, zone, always)).toEqual(priced(ratio(minor)));
  });

  it('of a month with a day that the zone left out is the full rate', () =>
    expect(ofPeriod('2011-12', 'Pacific/Apia', always)).toEqual(priced(ratio(1_000_000n))));

  it.each<[string, Rate['per'], Ratio]>([
    ['2024-02', 'quarter', ratio(1_000_000n * 29n, 91n)],
    ['2024-02', 'year', ratio(1_000_000n * 29n, 366n)],
    ['2023-02', 'year', ratio(1_000_000n * 28n, 365n)],
    ['2024-Q1', 'quarter', ratio(1_000_000n)],
    ['2024-W01', 'month', ratio(1_000_000n * 7n, 31n)],
    ['2024-W05', 'month', plus(ratio(1_000_000n * 3n, 31n), ratio(1_000_000n * 4n, 29n))],
  ])('of %s at a rate for each %s is by the days', (label, per, minor) =>
    expect(ofPeriod(label, 'UTC', [{ from: '2000-01-01', amountMinor: 1_000_000n, per }])).toEqual(priced(minor)),
  );

  it('takes on each day the price in force on it', () =>
    expect(
      ofPeriod('2024-04', 'UTC', [monthly(3_000n, '2024-04-11'), monthly(6_000n, '2024-01-01', '2024-04-11')]),
    ).toEqual(priced(ratio(2_000n + 2_000n))));

  it('counts a day where its first instant lies', () => {
    const span = { start: instantOf('2024-01-10T12:00:00Z'), end: instantOf('2024-01-12T00:00:00.001Z') };
    expect(feeOf(span, 'UTC', always)).toEqual(priced(ratio(1_000_000n * 2n, 31n)));
    expect(feeOf({ start: span.end, end: span.end }, 'UTC', always)).toEqual(priced(ratio(0n)));
  });

  it('says for which days there is no price', () => {
    const rates = [monthly(1n, '2024-01-10', '2024-01-15'), monthly(1n, '2024-01-16', '2024-01-20')];
    expect(ofPeriod('2024-01', 'UTC', rates)).toEqual({
      kind: 'unpriced',
      days: [
        { from: '2024-01-01', to: '2024-01-10' },
        { from: '2024-01-15', to: '2024-01-16' },
        { from: '2024-01-20', to: '2024-02-01' },
      ],
    });
    expect(ofPeriod('2024-01', 'UTC', [])).toEqual({
      kind: 'unpriced',
      days: [{ from: '2024-01-01', to: '2024-02-01' }],
    });
  });

  it('of stretches that adjoin sums to the fee of the whole, wherever they are cut', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: instantOf('2024-01-01T00:00:00Z'), max: instantOf('2025-06-01T00:00:00Z') }), {
          minLength: 2,
          maxLength: 5,
        }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/Havana'),
        fc.constantFrom('month' as const, 'quarter' as const, 'year' as const),
        (cuts, zone, per) => {
          const rates: Rate[] = [
            { from: '2000-01-01', to: '2024-08-17', amountMinor: 999_999n, per },
            { from: '2024-08-17', amountMinor: 1_234_567n, per: 'month' },
          ];
          const fee = (start: number, end: number) => {
            const found = feeOf({ start, end }, zone, rates);
            if (found.kind === 'unpriced') throw new Error('there is a price for each day');
            return found.minor;
          };
          const at = [...cuts].sort((a, b) => a - b);
          const parts = at.slice(1).map((end, i) => fee(at[i]!, end));
          expect(parts.reduce(plus)).toEqual(fee(at[0]!, at.at(-1)!));
        },
      ),
    ));

  it('is the sum over its days, one by one', () => {
    const zone = 'Europe/Berlin';
    const rates = [
      monthly(777_777n, '2024-01-01', '2024-03-15'),
      { ...monthly(5_000_003n, '2024-03-15'), per: 'year' as const },
    ];
    let sum = ratio(0n);
    for (let day = dayOf('2024-02-10'); day < dayOf('2024-05-05'); day++) {
      const date = localDate(day);
      const lengths: Record<string, bigint> = { '02': 29n, '03': 31n };
      sum = plus(sum, date < '2024-03-15' ? ratio(777_777n, lengths[date.slice(5, 7)]) : ratio(5_000_003n, 366n));
    }
    const span = { start: startOfDay(zone, dayOf('2024-02-10')), end: startOfDay(zone, dayOf('2024-05-05')) };
    expect(feeOf(span, zone, rates)).toEqual(priced(sum));
  });

  it.each<[string, Rate[]]>([
    ['rates.overlap', [monthly(1n, '2024-01-01'), monthly(1n, '2024-06-01')]],
    ['rates.overlap', [monthly(1n, '2024-01-01', '2024-06-02'), monthly(1n, '2024-06-01')]],
    ['rate.ends-before-it-starts', [monthly(1n, '2024-01-01', '2024-01-01')]],
    ['rate.negative', [monthly(-1n, '2024-01-01')]],
    ['date.malformed', [monthly(1n, '2024-1-1')]],
    ['taken', [monthly(1n, '2024-06-01'), monthly(0n, '2024-01-01', '2024-06-01')]],
  ])('knows rates that contradict each other: %s', (code, rates) =>
    expect(codeOf(() => checkedRates(rates))).toBe(code),
  );
});
