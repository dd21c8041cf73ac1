import { publish, ratesText, type Price, type PriceTold } from './price';

const unpublished: Price = { service: 'payroll', party: 'acme', currency: '', zone: 'UTC', rates: [] };
const told = (change: Partial<PriceTold> = {}): PriceTold => ({
  currency: 'EUR',
  zone: 'Europe/Berlin',
  rates: [{ from: '2026-01-01', amount: '10000.00', per: 'month' }],
  ...change,
});
const rate = (from: string, to: string | null, amount = '1.00') => ({ from, to, amount, per: 'month' as const });
const publishing = (change: Partial<PriceTold>, booked = false) => publish(unpublished, told(change), booked, 0);

describe('a price list', () => {
  it('is published whole, by first day, amounts exact', () =>
    expect(
      ratesText(
        publishing({ rates: [rate('2026-07-01', null, '12000'), rate('2026-01-01', '2026-07-01', '10000.0')] }).state,
      ),
    ).toEqual([
      { from: '2026-01-01', to: '2026-07-01', amount: '10000.00', per: 'month' },
      { from: '2026-07-01', to: null, amount: '12000.00', per: 'month' },
    ]));

  it('changes nothing when it is told again, in whatever order and spelling', () => {
    const { state } = publishing({});
    expect(
      publish(state, told({ rates: [{ from: '2026-01-01', to: null, amount: '10000.0000', per: 'month' }] }), false, 0)
        .facts,
    ).toEqual([]);
  });

  it('may change its currency until something is booked by it', () => {
    const { state } = publishing({});
    expect(publish(state, told({ currency: 'CHF' }), false, 0).state.currency).toBe('CHF');
    expect(() => publish(state, told({ currency: 'CHF' }), true, 0)).toThrow(
      expect.objectContaining({ kind: 'conflict', code: 'price.currency-booked' }),
    );
  });

  it.each<[string, Partial<PriceTold>, string]>([
    ['no rates', { rates: [] }, 'price.no-rates'],
    ['a currency that is none', { currency: 'EUX' }, 'currency.unknown'],
    ['a zone that is none', { zone: 'Europe/Atlantis' }, 'zone.unknown'],
    ['a tenth of a cent', { rates: [rate('2026-01-01', null, '1.001')] }, 'money.too-precise'],
    ['an amount that is none', { rates: [rate('2026-01-01', null, '1e309')] }, 'money.malformed'],
    ['a negative amount', { rates: [rate('2026-01-01', null, '-1.00')] }, 'rate.negative'],
    [
      'an amount that no ledger holds a year of',
      { rates: [rate('2026-01-01', null, '1000000000000.00')] },
      'rate.too-large',
    ],
    ['a day that no calendar has', { rates: [rate('2026-02-30', null)] }, 'date.malformed'],
    ['a day of another time', { rates: [rate('0026-02-01', null)] }, 'rate.day-out-of-range'],
    ['an end before its start', { rates: [rate('2026-02-01', '2026-01-01')] }, 'rate.ends-before-it-starts'],
    [
      'two prices for one day',
      { rates: [rate('2026-01-01', '2026-02-02'), rate('2026-02-01', null)] },
      'rates.overlap',
    ],
  ])('refuses %s', (_what, change, code) =>
    expect(() => publishing(change)).toThrow(expect.objectContaining({ code })),
  );
});
