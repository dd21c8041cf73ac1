import fc from 'fast-check';
import { localDate } from '@underpin/kernel/time/civil';
import type { Price } from '../prices/price';
import { checkedDays, feeLines } from './fees';

const price: Price = {
  service: 'payroll',
  party: 'acme',
  currency: 'EUR',
  zone: 'Europe/Berlin',
  rates: [{ from: '2026-01-01', to: null, amountMinor: 1_000_000n, per: 'month' }],
};
const amounts = (days: [string, string], list: Price = price) =>
  feeLines(list, { from: days[0], to: days[1] }, 'Payroll').map(({ line }) => line.amount);

describe('fee lines', () => {
  it('charge a whole month at exactly its price, by the days of the price', () =>
    expect(feeLines(price, { from: '2026-11-01', to: '2026-12-01' }, 'Payroll')).toEqual([
      {
        line: {
          kind: 'fee',
          service: 'payroll',
          from: Date.parse('2026-10-31T23:00:00.000Z'),
          to: Date.parse('2026-11-30T23:00:00.000Z'),
          text: 'Payroll, 2026-11-01 to 2026-11-30 (10000.00 EUR a month)',
          amount: 1_000_000n,
          cites: 'price/payroll/acme',
        },
        charges: { service: 'payroll', from: '2026-11-01', to: '2026-12-01' },
      },
    ]));

  it('charge no day on which no price is in force', () => {
    const list = { ...price, rates: [{ ...price.rates[0]!, from: '2026-11-16' }] };
    expect(feeLines(list, { from: '2026-11-01', to: '2026-12-01' }, 'Payroll').map(({ charges }) => charges)).toEqual([
      { service: 'payroll', from: '2026-11-16', to: '2026-12-01' },
    ]);
    expect(amounts(['2026-10-01', '2026-11-01'], list)).toEqual([]);
  });

  it('are one line where one rate follows another, and two where there is a gap', () => {
    const [rate] = price.rates;
    const list = (from: string): Price => ({
      ...price,
      rates: [
        { ...rate!, to: '2026-11-11' },
        { ...rate!, from, amountMinor: 3_000_000n },
      ],
    });
    // November has 30 days: 10 at 333.33… and 20 at 1,000.00
    expect(amounts(['2026-11-01', '2026-12-01'], list('2026-11-11'))).toEqual([2_333_333n]);
    expect(amounts(['2026-11-01', '2026-12-01'], list('2026-11-16'))).toEqual([333_333n, 1_500_000n]);
  });

  it('sum to the cent to what the month costs, however it is cut up', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 364 }), { maxLength: 20 }),
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        (cuts, amountMinor) => {
          const year = { ...price, rates: [{ ...price.rates[0]!, amountMinor }] };
          const days = [0, ...cuts.sort((a, b) => a - b), 365].map((d) => localDate(20_454 + d)); // 20454 is 2026-01-01
          const parts = days.slice(1).flatMap((to, i) => amounts([days[i] as string, to], year));
          expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(12n * amountMinor);
        },
      ),
    ));
});

describe('the days of an invoice', () => {
  it.each([
    ['2026-11-01', '2026-11-01', 'invoice.no-days'],
    ['2026-12-01', '2026-11-01', 'invoice.no-days'],
    ['2026-02-30', '2026-12-01', 'date.malformed'],
    ['1969-12-31', '1970-02-01', 'invoice.days-out-of-range'],
    ['2200-01-01', '2200-01-02', 'invoice.days-out-of-range'],
    ['2000-01-01', '2026-01-01', 'invoice.too-long'],
  ])('%s to %s are refused: %s', (from, to, code) =>
    expect(() => checkedDays({ from, to })).toThrow(expect.objectContaining({ code })),
  );
});
