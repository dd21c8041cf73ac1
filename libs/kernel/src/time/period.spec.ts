import fc from 'fast-check';
import { DomainError } from '../errors';
import { dayOf, isoWeek, localDate, mondayOfWeek, weekdayOf } from './civil';
import { contains } from './interval';
import { instantOf, iso } from './instant';
import { isKnownZone, nextPeriod, Period, PERIOD_KINDS, periodAt, periodFromLabel, periodsOf } from './period';
import { firstInstantAt, knownZone, startOfDay } from './zone';

const refusal = (attempt: () => unknown): DomainError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

// Clocks that change at midnight, across it, by half an hour, by a whole day, hourly offsets off the hour.
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo', // until 2018 the clock jumped over midnight
  'America/Havana', // midnight twice
  'America/St_Johns', // until 2011 set back at 00:01, to the day before
  'Asia/Kolkata',
  'Australia/Lord_Howe', // by half an hour
  'Pacific/Apia', // no 30 December 2011
  'Pacific/Kiritimati',
  'Africa/Cairo',
  'Asia/Beirut',
];

describe('a period', () => {
  it.each([
    ['2024-03-01', 'UTC', '2024-03-01T00:00:00Z', '2024-03-02T00:00:00Z'],
    ['2024-W05', 'UTC', '2024-01-29T00:00:00Z', '2024-02-05T00:00:00Z'],
    ['2024-03', 'Europe/Berlin', '2024-03-01T00:00:00+01:00', '2024-04-01T00:00:00+02:00'],
    ['2024-Q4', 'Europe/Berlin', '2024-10-01T00:00:00+02:00', '2025-01-01T00:00:00+01:00'],
    ['2024', 'America/New_York', '2024-01-01T00:00:00-05:00', '2025-01-01T00:00:00-05:00'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T01:00:00-02:00', '2018-11-05T00:00:00-02:00'],
    ['2024-11-03', 'America/Havana', '2024-11-03T00:00:00-04:00', '2024-11-04T00:00:00-05:00'],
    ['2011-12-29', 'Pacific/Apia', '2011-12-29T00:00:00-10:00', '2011-12-31T00:00:00+14:00'],
    ['2020-W53', 'UTC', '2020-12-28T00:00:00Z', '2021-01-04T00:00:00Z'],
    ['0099', 'UTC', '0099-01-01T00:00:00Z', '0100-01-01T00:00:00Z'],
  ])('%s in %s reaches from %s to %s', (label, zone, from, to) => {
    const period = periodFromLabel(label, zone);
    expect([iso(period.from), iso(period.to)]).toEqual([iso(instantOf(from)), iso(instantOf(to))]);
    expect(periodAt(period.kind, zone, period.from)).toEqual(period);
    expect(periodAt(period.kind, zone, period.to - 1)).toEqual(period);
  });

  it.each([
    '',
    '24',
    '2024-Q5',
    '2024-Q0',
    '2024-13',
    '2024-00',
    '2024-W54',
    '2024-W53',
    '2024-W00',
    '2023-02-29',
    '2024-3',
    '2024-03-1',
    '0000',
    '2024-q1',
    '2024-Q1 ',
    '1e309',
  ])('is not named "%s"', (label) =>
    expect(refusal(() => periodFromLabel(label, 'UTC')).code).toBe('period.malformed'),
  );

  it('is not a day that the zone left out', () =>
    expect(refusal(() => periodFromLabel('2011-12-30', 'Pacific/Apia')).code).toBe('period.malformed'));

  it('holds the instant it was asked for, is found by its label, and adjoins the next: in every zone and kind', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom(...PERIOD_KINDS),
        fc.integer({ min: Date.parse('1985-01-01T00:00:00Z'), max: Date.parse('2035-01-01T00:00:00Z') }),
        (zone, kind, t) => {
          const period = periodAt(kind, zone, t);
          expect(contains({ start: period.from, end: period.to }, t)).toBe(true);
          expect(periodFromLabel(period.label, zone)).toEqual(period);
          const next = nextPeriod(period);
          expect(next.from).toBe(period.to);
          expect(next.label > period.label).toBe(true);
        },
      ),
      { numRuns: 400 },
    ));

  it('lasts a day of 23, 24 or 25 hours as the clocks go', () => {
    const hours = (label: string) => {
      const { from, to } = periodFromLabel(label, 'Europe/Berlin');
      return (to - from) / 3_600_000;
    };
    expect(['2024-03-31', '2024-04-01', '2024-10-27'].map(hours)).toEqual([23, 24, 25]);
  });

  it('is listed when it shares an instant with an interval, in order', () => {
    const labels = (periods: Period[]) => periods.map(({ label }) => label);
    const [start, end] = [instantOf('2022-12-31T23:59:59.999Z'), instantOf('2023-07-01T00:00:00Z')];
    expect(labels(periodsOf('quarter', 'UTC', { start, end }))).toEqual(['2022-Q4', '2023-Q1', '2023-Q2']);
    expect(periodsOf('month', 'UTC', { start: end, end })).toEqual([]);
    const apia = { start: instantOf('2011-12-29T12:00:00-10:00'), end: instantOf('2012-01-01T00:00:00+14:00') };
    expect(labels(periodsOf('day', 'Pacific/Apia', apia))).toEqual(['2011-12-29', '2011-12-31']);
    expect(() => periodsOf('day', 'UTC', { start, end: Infinity })).toThrow(RangeError);
  });
});

describe('a zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'US/Eastern', 'Etc/GMT+5'])('%s is known', (zone) =>
    expect(isKnownZone(zone)).toBe(true),
  );

  it.each(['', '+02:00', 'Z', 'europe/berlin', 'Nowhere/Zone', ' UTC', 'constructor'])('"%s" is not known', (zone) =>
    expect(isKnownZone(zone)).toBe(false),
  );

  it('is proposed in its own spelling', () =>
    expect(refusal(() => knownZone('europe/berlin')).message).toContain('did you mean "Europe/Berlin"?'));

  it('is never taken from what is no text', () => {
    for (const zone of [null, undefined, 5, {}] as unknown as string[])
      expect(refusal(() => knownZone(zone)).code).toBe('zone.unknown');
  });

  it('shows a later time of day never before an earlier one, even where the clock jumps', () => {
    for (const zone of ZONES)
      for (const date of [
        '2024-03-31',
        '2024-10-27',
        '2018-11-04',
        '2011-12-30',
        '2010-11-07',
        '2024-11-03',
        '2024-04-26',
      ])
        for (let minute = 15; minute <= 1440; minute += 15)
          expect(firstInstantAt(zone, dayOf(date), minute)).toBeGreaterThanOrEqual(
            firstInstantAt(zone, dayOf(date), minute - 15),
          );
  });

  it('begins a day at the end of the jump when midnight is jumped over', () => {
    // Asia/Beirut jumps at midnight from 00:00 to 01:00 on the last Sunday of March
    expect(iso(startOfDay('Asia/Beirut', dayOf('2024-03-31')))).toBe('2024-03-30T22:00:00.000Z');
    expect(iso(firstInstantAt('Asia/Beirut', dayOf('2024-03-31'), 30))).toBe('2024-03-30T22:00:00.000Z');
    expect(iso(firstInstantAt('Asia/Beirut', dayOf('2024-03-31'), 60))).toBe('2024-03-30T22:00:00.000Z');
  });
});

describe('a date', () => {
  it.each([
    // ISO 8601 examples as tabulated for the turns of years
    ['2005-01-01', 2004, 53, 6],
    ['2005-12-31', 2005, 52, 6],
    ['2007-01-01', 2007, 1, 1],
    ['2008-12-29', 2009, 1, 1],
    ['2010-01-03', 2009, 53, 7],
  ])('%s lies in week %i-W%i, on weekday %i', (date, year, week, weekday) => {
    expect(isoWeek(dayOf(date))).toEqual({ year, week });
    expect(weekdayOf(dayOf(date))).toBe(weekday);
    expect(mondayOfWeek(year, week) + weekday - 1).toBe(dayOf(date));
  });

  it('survives being written and read', () =>
    fc.assert(
      fc.property(fc.integer({ min: dayOf('0001-01-01'), max: dayOf('9999-12-31') }), (day) =>
        expect(dayOf(localDate(day))).toBe(day),
      ),
    ));
});
