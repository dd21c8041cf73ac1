import { COMMITMENT, expectedRows, type Question } from './interval-oracle';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const rows = (incidents: readonly object[], question: Partial<Question> = {}, now?: number) =>
  expectedRows(incidents.map((incident) => JSON.stringify(incident)).join('\n'), { ...COMMITMENT, ...question }, now);
const outage = (startedAt: string, resolvedAt: string | null, other: object = {}) => ({
  components: ['A'],
  impact: 'minor',
  startedAt: `2022-${startedAt}Z`,
  resolvedAt: resolvedAt && `2022-${resolvedAt}Z`,
  ...other,
});

describe('the oracle, by hand', () => {
  it('counts overlapping, touching, contained and empty outages once in time and each in number', () =>
    expect(
      rows([
        outage('01-10T10:00:00', '01-10T12:00:00'),
        outage('01-10T11:00:00', '01-10T13:00:00', { impact: 'critical' }),
        outage('01-10T13:00:00', '01-10T14:00:00', { impact: 'major' }),
        outage('01-10T11:30:00', '01-10T11:40:00'),
        outage('01-20T00:00:00', '01-20T00:00:00'),
      ]),
    ).toEqual([
      {
        service: 'A',
        period: '2022-Q1',
        agreedMs: 90 * DAY,
        downtimeMs: 4 * HOUR,
        outages: 5,
        met: false,
        creditPercent: 10,
      },
    ]));

  it('gives each period its part of the time, and the number to the one in which it began', () =>
    expect(rows([outage('03-31T23:00:00', '04-01T02:00:00')])).toMatchObject([
      { period: '2022-Q1', downtimeMs: HOUR, outages: 1 },
      { period: '2022-Q2', downtimeMs: 2 * HOUR, outages: 0 },
    ]));

  it('leaves out what is no outage or belongs to nobody, and keeps every service that is named', () =>
    expect(
      rows([
        outage('02-01T00:00:00', '02-01T01:00:00'),
        outage('02-01T00:00:00', '02-09T00:00:00', { impact: 'none', components: ['B'] }),
        outage('02-01T00:00:00', '09-09T00:00:00', { impact: 'maintenance', components: ['C'] }),
        outage('02-01T00:00:00', '09-09T00:00:00', { components: [] }),
      ]).map(({ service, period, downtimeMs }) => [service, period, downtimeMs]),
    ).toEqual([
      ['A', '2022-Q1', HOUR],
      ['B', '2022-Q1', 0],
      ['C', '2022-Q1', 0],
    ]));

  it.each([
    // 99.9 % of 31 days leaves 2,678,400 ms; 99.0 % leaves 26,784,000 ms.
    ['at the budget', '01-01T00:44:38.400', true, 0],
    ['one ms over it', '01-01T00:44:38.401', false, 10],
    ['at the second tier', '01-01T07:26:24.000', false, 10],
    ['one ms over that', '01-01T07:26:24.001', false, 25],
  ])('decides exactly: %s', (_name, resolvedAt, met, creditPercent) =>
    expect(rows([outage('01-01T00:00:00', resolvedAt)], { period: 'month' })).toMatchObject([
      { period: '2022-01', met, creditPercent },
    ]),
  );

  it('begins with the first day, and forgets what was before it', () =>
    expect(rows([outage('02-14T23:00:00', '02-15T01:00:00')], { from: '2022-02-15' })).toMatchObject([
      { period: '2022-Q1', agreedMs: 45 * DAY, downtimeMs: HOUR, outages: 0 },
    ]));

  it('knows how long a quarter is by the clocks of Berlin and of New York', () => {
    const all = [outage('11-05T00:00:00', '11-30T00:00:00')];
    expect(rows(all, { zone: 'Europe/Berlin' }).map(({ agreedMs }) => agreedMs)).toEqual([
      90 * DAY - HOUR,
      91 * DAY,
      92 * DAY,
      92 * DAY + HOUR,
    ]);
    expect(
      rows(all, { zone: 'America/New_York', period: 'month', from: '2022-03-01' }).map(({ agreedMs }) => agreedMs),
    ).toEqual([31 * DAY - HOUR, 30 * DAY, 31 * DAY, 30 * DAY, 31 * DAY, 31 * DAY, 30 * DAY, 31 * DAY, 30 * DAY + HOUR]);
  });

  it('puts an outage around midnight into the local days', () =>
    expect(rows([outage('03-31T21:30:00', '03-31T22:30:00')], { zone: 'Europe/Berlin' })).toMatchObject([
      { period: '2022-Q1', downtimeMs: HOUR / 2, outages: 1 },
      { period: '2022-Q2', downtimeMs: HOUR / 2, outages: 0 },
    ]));

  it('begins a day where the clocks jump over midnight', () =>
    // Beirut: 27 March 2022 begins at 01:00, which is 22:00 UTC the day before.
    expect(
      rows([outage('03-26T22:00:00', '03-26T23:00:00')], { zone: 'Asia/Beirut', from: '2022-03-27' }),
    ).toMatchObject([{ agreedMs: 5 * DAY - HOUR, downtimeMs: HOUR, outages: 1 }]));

  it('lets what is still down run to now', () =>
    expect(rows([outage('06-30T23:00:00', null)], {}, Date.parse('2022-07-01T02:00:00Z')).slice(-2)).toMatchObject([
      { period: '2022-Q2', downtimeMs: HOUR, outages: 1 },
      { period: '2022-Q3', downtimeMs: 2 * HOUR, outages: 0 },
    ]));
});
