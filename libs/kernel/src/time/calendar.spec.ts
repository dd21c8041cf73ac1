import fc from 'fast-check';
import { DomainError } from '../errors';
import { CalendarDefinition, checkCalendar, Hours, normalCalendar, openIntervals } from './calendar';
import { HOUR, iso, MINUTE } from './instant';
import { contains, totalLength } from './interval';
import { periodFromLabel } from './period';

const OFFICE: Hours[] = [{ from: '08:00', to: '18:00' }];
const office: CalendarDefinition = {
  zone: 'Europe/Berlin',
  weekly: { 1: OFFICE, 2: OFFICE, 3: OFFICE, 4: OFFICE, 5: OFFICE },
};
const ofPeriod = (label: string, zone: string) => {
  const { from, to } = periodFromLabel(label, zone);
  return { start: from, end: to };
};
const written = (intervals: { start: number; end: number }[]) =>
  intervals.map(({ start, end }) => [iso(start), iso(end)]);

describe('a calendar', () => {
  it('that never closes is one interval', () => {
    const month = ofPeriod('2024-03', 'Europe/Berlin');
    expect(openIntervals({ zone: 'Europe/Berlin', weekly: '24x7' }, month)).toEqual([month]);
  });

  it('promises ten hours on each of the 22 working days of October 2026, although the clocks change', () => {
    const open = openIntervals(office, ofPeriod('2026-10', 'Europe/Berlin'));
    expect(open).toHaveLength(22);
    expect(totalLength(open)).toBe(22 * 10 * HOUR);
    expect(written(open).at(0)).toEqual(['2026-10-01T06:00:00.000Z', '2026-10-01T16:00:00.000Z']);
    expect(written(open).at(-1)).toEqual(['2026-10-30T07:00:00.000Z', '2026-10-30T17:00:00.000Z']);
  });

  it('runs past midnight, and on the nights of the change for seven and nine hours', () => {
    const night: CalendarDefinition = { zone: 'Europe/Berlin', weekly: { 6: [{ from: '22:00', to: '06:00' }] } };
    const hours = (label: string) => totalLength(openIntervals(night, ofPeriod(label, 'Europe/Berlin'))) / HOUR;
    expect(['2024-W13', '2024-W14', '2024-W43'].map(hours)).toEqual([7, 8, 9]);
    // Sunday alone has the part that began on Saturday
    expect(written(openIntervals(night, ofPeriod('2024-04-07', 'Europe/Berlin')))).toEqual([
      ['2024-04-06T22:00:00.000Z', '2024-04-07T04:00:00.000Z'],
    ]);
  });

  it('takes equal times as a whole day, 24:00 as the end of the day, and joins what touches', () => {
    const weekly = {
      1: [{ from: '08:00', to: '08:00' }],
      2: [{ from: '08:00', to: '24:00' }],
      3: [{ from: '00:00', to: '01:00' }],
    };
    expect(written(openIntervals({ zone: 'UTC', weekly }, ofPeriod('2024-W02', 'UTC')))).toEqual([
      ['2024-01-08T08:00:00.000Z', '2024-01-10T01:00:00.000Z'],
    ]);
  });

  it('closes on holidays, and an exception outranks both holiday and weekday', () => {
    const calendar: CalendarDefinition = {
      ...office,
      holidays: ['2026-10-05', '2026-10-06'],
      exceptions: { '2026-10-06': [{ from: '10:00', to: '12:00' }], '2026-10-07': 'closed', '2026-10-08': [] },
    };
    expect(written(openIntervals(calendar, ofPeriod('2026-W41', 'Europe/Berlin')))).toEqual([
      ['2026-10-06T08:00:00.000Z', '2026-10-06T10:00:00.000Z'],
      ['2026-10-09T06:00:00.000Z', '2026-10-09T16:00:00.000Z'],
    ]);
  });

  it('that is open round the clock but for a holiday closes for that local day of 23 hours', () => {
    const calendar: CalendarDefinition = { zone: 'Europe/Berlin', weekly: '24x7', holidays: ['2024-03-31'] };
    const month = ofPeriod('2024-03', 'Europe/Berlin');
    expect(month.end - month.start - totalLength(openIntervals(calendar, month))).toBe(23 * HOUR);
  });

  it('opens and closes at the jump when the clock jumps over the time', () => {
    const hours = (from: string, to: string) =>
      written(
        openIntervals(
          { zone: 'Europe/Berlin', weekly: { 7: [{ from, to }] } },
          ofPeriod('2024-03-31', 'Europe/Berlin'),
        ),
      );
    expect(hours('02:30', '04:00')).toEqual([['2024-03-31T01:00:00.000Z', '2024-03-31T02:00:00.000Z']]);
    expect(hours('01:00', '02:30')).toEqual([['2024-03-31T00:00:00.000Z', '2024-03-31T01:00:00.000Z']]);
    expect(hours('02:10', '02:50')).toEqual([]);
  });

  it('is empty for an interval that is empty or reversed', () => {
    expect(openIntervals(office, { start: 5, end: 5 })).toEqual([]);
    expect(openIntervals(office, { start: 6, end: 5 })).toEqual([]);
  });

  it('is open exactly when the local clock shows its hours: minute by minute, through both changes of the clock', () => {
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/New_York',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    const shows = (t: number) => {
      const parts = Object.fromEntries(clock.formatToParts(t).map(({ type, value }) => [type, value]));
      return { weekday: WEEKDAYS.indexOf(parts.weekday!) + 1, minute: Number(parts.hour) * 60 + Number(parts.minute) };
    };
    // Whole hours away from the repeated one: there "the first of the two" and "whatever the clock shows" differ.
    const hour = fc.constantFrom(0, 3, 4, 8, 9, 12, 17, 22, 23);
    const day = fc.array(fc.record({ from: hour, to: hour }), { maxLength: 2 });
    const text = (h: number) => `${String(h).padStart(2, '0')}:00`;
    const start = fc
      .constantFrom('2024-03-09T05:00:00Z', '2024-11-02T04:00:00Z', '2024-06-01T00:00:00Z')
      .map(Date.parse);
    fc.assert(
      fc.property(fc.array(day, { minLength: 7, maxLength: 7 }), start, (week, from) => {
        const weekly = Object.fromEntries(
          week.map((hours, i) => [i + 1, hours.map((each) => ({ from: text(each.from), to: text(each.to) }))]),
        );
        const interval = { start: from, end: from + 60 * HOUR };
        const open = openIntervals({ zone: 'America/New_York', weekly }, interval);
        for (let t = interval.start; t < interval.end; t += 30 * MINUTE) {
          const { weekday, minute } = shows(t);
          const today = week[weekday - 1]!;
          const yesterday = week[(weekday + 5) % 7]!;
          const expected =
            today.some((h) => minute >= h.from * 60 && (h.to <= h.from || minute < h.to * 60)) ||
            yesterday.some((h) => h.to <= h.from && minute < h.to * 60);
          expect({ t: iso(t), open: open.some((each) => contains(each, t)) }).toEqual({ t: iso(t), open: expected });
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a calendar that makes no sense is refused', () => {
  it.each([
    ['zone.unknown', { zone: 'Berlin', weekly: '24x7' }],
    ['calendar.weekday-unknown', { zone: 'UTC', weekly: { 0: OFFICE } }],
    ['calendar.weekday-unknown', { zone: 'UTC', weekly: { monday: OFFICE } }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: 'always' }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: null }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: { 1: '08:00-18:00' } }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: { 1: [null] } }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: { 1: [{ from: '8:00', to: '18:00' }] } }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: { 1: [{ from: '24:00', to: '08:00' }] } }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: { 1: [{ from: '08:00', to: '24:30' }] } }],
    ['calendar.hours-malformed', { zone: 'UTC', weekly: '24x7', exceptions: { '2024-01-01': 'open' } }],
    ['date.malformed', { zone: 'UTC', weekly: '24x7', holidays: ['2023-02-29'] }],
    ['date.malformed', { zone: 'UTC', weekly: '24x7', exceptions: { 'new year': 'closed' } }],
  ])('%s: %j', (code, calendar) => {
    const attempt = () => checkCalendar(calendar as unknown as CalendarDefinition);
    expect(attempt).toThrow(DomainError);
    expect(attempt).toThrow(expect.objectContaining({ kind: 'invalid', code }));
  });
});

it('the same promise has one spelling', () =>
  expect(
    normalCalendar({
      zone: 'UTC',
      weekly: { 1: [{ from: '13:00', to: '17:00' }, ...OFFICE], 2: [] },
      holidays: ['2024-12-25', '2024-01-01', '2024-12-25'],
      exceptions: { '2024-12-24': [] },
    }),
  ).toEqual({
    zone: 'UTC',
    weekly: { 1: [...OFFICE, { from: '13:00', to: '17:00' }] },
    holidays: ['2024-01-01', '2024-12-25'],
    exceptions: { '2024-12-24': 'closed' },
  }));
