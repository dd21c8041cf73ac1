import { DEFAULT_TERMS, type Terms } from './options';
import { planOf } from './plan';
import type { Incident } from './reading/history';

const NOW = Date.parse('2024-11-25T10:00:00Z');
const at = (text: string) => Date.parse(text);
const incident = (id: string, start: string, end: string | null, components: string[] = ['Actions']): Incident => ({
  id,
  components,
  outage: { start: at(start), end: end === null ? null : at(end) },
});
const plan = (incidents: Incident[], terms: Partial<Terms> = {}) =>
  planOf({ incidents }, { ...DEFAULT_TERMS, ...terms }, NOW);
const labels = (incidents: Incident[], terms: Partial<Terms> = {}) =>
  plan(incidents, terms).periods.map(({ label }) => label);

describe('the plan of a replay', () => {
  it('tells each outage of each component twice, in the order of time', () =>
    expect(
      plan([
        incident('2', '2024-01-01T02:00:00Z', '2024-01-01T03:00:00Z'),
        incident('1', '2024-01-01T01:00:00Z', '2024-01-01T02:30:00Z', ['Actions', 'API Requests']),
      ]).reports.map(({ externalId, sequence, service, occurredAt, restoredAt }) => [
        externalId.split(':')[0],
        service.replace(/-\w{8}$/, ''),
        sequence,
        occurredAt ?? restoredAt,
      ]),
    ).toEqual([
      ['1', 'actions', 1, '2024-01-01T01:00:00.000Z'],
      ['1', 'api-requests', 1, '2024-01-01T01:00:00.000Z'],
      ['2', 'actions', 1, '2024-01-01T02:00:00.000Z'],
      ['1', 'actions', 2, '2024-01-01T02:30:00.000Z'],
      ['1', 'api-requests', 2, '2024-01-01T02:30:00.000Z'],
      ['2', 'actions', 2, '2024-01-01T03:00:00.000Z'],
    ]));

  it('never tells that an open incident is over', () =>
    expect(plan([incident('1', '2024-01-01T01:00:00Z', null)]).reports.map(({ restoredAt }) => restoredAt)).toEqual([
      undefined,
    ]));

  it('has every service that is named anywhere, and lists what names none', () => {
    const { services, nobodys, outages } = plan([
      incident('1', '2024-01-01T01:00:00Z', '2024-01-01T02:00:00Z', ['B', 'A']),
      { id: '2', components: ['C'], outage: null },
      incident('3', '2024-01-01T01:00:00Z', '2024-01-01T02:00:00Z', []),
    ]);
    expect(services.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    expect(nobodys.map(({ id }) => id)).toEqual(['3']);
    expect(outages).toBe(2);
  });

  describe('has all periods from the first day to the latest end of an outage that counts', () => {
    it('also where there is none', () =>
      expect(labels([incident('1', '2023-02-01T00:00:00Z', '2023-02-01T01:00:00Z')], { from: '2022-02-15' })).toEqual([
        '2022-Q1',
        '2022-Q2',
        '2022-Q3',
        '2022-Q4',
        '2023-Q1',
      ]));
    it('an end at a boundary being the end of the period before', () =>
      expect(labels([incident('1', '2022-03-31T00:00:00Z', '2022-04-01T00:00:00Z')])).toEqual(['2022-Q1']));
    it('a moment at a boundary lying in the period that it begins', () =>
      expect(labels([incident('1', '2022-04-01T00:00:00Z', '2022-04-01T00:00:00Z')])).toEqual(['2022-Q1', '2022-Q2']));
    it('by the months and the clocks of another zone', () =>
      expect(
        labels([incident('1', '2022-01-31T22:00:00Z', '2022-01-31T23:30:00Z')], {
          period: 'month',
          zone: 'Europe/Berlin',
        }),
      ).toEqual(['2022-01', '2022-02']));
    it('none where all ends before', () =>
      expect(labels([incident('1', '2021-03-31T00:00:00Z', '2021-04-01T00:00:00Z')])).toEqual([]));
    it('not counting what belongs to no service', () =>
      expect(labels([incident('1', '2022-03-31T00:00:00Z', '2022-04-01T00:00:00Z', [])])).toEqual([]));
    it('up to the one that is not over yet where an incident is open', () => {
      const { periods } = plan([incident('1', '2024-08-01T00:00:00Z', null)], { from: '2024-07-01' });
      expect(periods.map(({ label, ended }) => [label, ended])).toEqual([
        ['2024-Q3', true],
        ['2024-Q4', false],
      ]);
    });
  });

  it('clips the first period to the first day, in the zone', () =>
    expect(
      plan([incident('1', '2022-03-31T00:00:00Z', '2022-03-31T01:00:00Z')], {
        from: '2022-02-15',
        zone: 'America/New_York',
      }),
    ).toMatchObject({
      begins: at('2022-02-15T05:00:00Z'),
      periods: [{ label: '2022-Q1', from: at('2022-02-15T05:00:00Z'), to: at('2022-04-01T04:00:00Z') }],
    }));

  describe('names what it makes', () => {
    const [one, two] = [
      incident('1', '2024-01-01T01:00:00Z', '2024-01-01T02:00:00Z'),
      incident('2', '2024-02-01T01:00:00Z', '2024-02-01T02:00:00Z'),
    ];
    it('alike for the same incidents in another order', () => expect(plan([two, one])).toEqual(plan([one, two])));
    it('otherwise for another history', () => {
      expect(plan([one]).services[0]!.slug).not.toBe(plan([two]).services[0]!.slug);
      expect(plan([one]).reports[0]!.source).not.toBe(plan([two]).reports[0]!.source);
    });
    it.each<[string, Partial<Terms>]>([
      ['target', { target: '99.8' }],
      ['period', { period: 'month' }],
      ['zone', { zone: 'Europe/Berlin' }],
      ['remedy', { tiers: [{ below: '99.9', percent: '11' }] }],
      ['first day', { from: '2022-01-02' }],
    ])('with another agreement and customer, and the same outages, for another %s', (_name, terms) => {
      const [before, after] = [plan([one]), plan([one], terms)];
      expect(after.services[0]!.agreement).not.toBe(before.services[0]!.agreement);
      expect(after.customer).not.toBe(before.customer);
      expect(after.reports).toEqual(before.reports);
    });
  });
});
