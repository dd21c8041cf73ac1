import { invalid, shown } from '../errors';
import { dayOf, EpochDay, LocalDate, Weekday, weekdayOf } from './civil';
import { clip, Interval, union } from './interval';
import { firstInstantAt, knownZone, localDayAt } from './zone';

/** Wall-clock times of one local day, `HH:MM`. A `to` at or before `from` lies on the next day; `24:00` ends it. */
export interface Hours {
  readonly from: string;
  readonly to: string;
}

/** Hours by weekday, 1 (Monday) to 7 (Sunday). A weekday that is not named is closed. */
export type WeeklyHours = '24x7' | { readonly [weekday in Weekday]?: readonly Hours[] };

/** When a service is promised, by one zone's clocks. An exception outranks a holiday, a holiday the weekly hours. */
export interface CalendarDefinition {
  readonly zone: string;
  readonly weekly: WeeklyHours;
  /** Local dates on which it is closed. */
  readonly holidays?: readonly LocalDate[];
  /** Local dates with hours of their own. Hours that run past midnight belong to the date on which they begin. */
  readonly exceptions?: { readonly [date: LocalDate]: readonly Hours[] | 'closed' };
}

/**
 * The promised time inside an interval: ascending, disjoint, hours that touch are one interval.
 *
 * A clock that jumps over an opening or closing time opens or closes at the jump; where it shows the time twice, the
 * first counts. So 08:00 to 18:00 is always ten hours, and 22:00 to 06:00 is seven or nine in the nights of the change.
 *
 * @throws DomainError as `checkCalendar`; RangeError for an interval without end, unless the calendar never closes
 */
export const openIntervals = (calendar: CalendarDefinition, interval: Interval): Interval[] => {
  if (!(interval.start < interval.end)) return [];
  const hoursOf = hoursByDay(calendar);
  if (!hoursOf) return [{ start: interval.start, end: interval.end }];

  const open: Interval[] = [];
  const last = localDayAt(calendar.zone, interval.end);
  // The hours of the day before may run into the interval.
  for (let day = localDayAt(calendar.zone, interval.start) - 1; day <= last; day++)
    for (const { from, to } of hoursOf(day))
      open.push({ start: firstInstantAt(calendar.zone, day, from), end: firstInstantAt(calendar.zone, day, to) });
  return clip(union(open), interval);
};

/**
 * Refuses a calendar that makes no sense, before anything is agreed on it.
 *
 * @throws DomainError invalid `zone.unknown`, `calendar.weekday-unknown`, `calendar.hours-malformed`, `date.malformed`
 */
export const checkCalendar = (calendar: CalendarDefinition): CalendarDefinition => {
  hoursByDay(calendar);
  return calendar;
};

interface Minutes {
  readonly from: number;
  /** Counted from the same midnight as `from`, so up to 2880. */
  readonly to: number;
}

const ALL_DAY: readonly Minutes[] = [{ from: 0, to: 1440 }];

/** The hours of each local day; null when there is no moment at which the calendar is closed. */
const hoursByDay = (calendar: CalendarDefinition): ((day: EpochDay) => readonly Minutes[]) | null => {
  knownZone(calendar.zone);
  const weekly = calendar.weekly === '24x7' ? null : weeklyMinutes(calendar.weekly);
  const special = new Map<EpochDay, readonly Minutes[]>();
  for (const date of calendar.holidays ?? []) special.set(dayOf(date), []);
  for (const [date, hours] of Object.entries(calendar.exceptions ?? {}))
    special.set(dayOf(date), hours === 'closed' ? [] : minutesOf(hours, date));
  if (!weekly && special.size === 0) return null;
  return (day) => special.get(day) ?? (weekly ? (weekly.get(weekdayOf(day)) ?? []) : ALL_DAY);
};

const weeklyMinutes = (weekly: unknown): Map<Weekday, readonly Minutes[]> => {
  if (typeof weekly !== 'object' || weekly === null)
    throw malformed(`weekly hours ${shown(weekly)}: give "24x7", or lists of hours by weekday`);
  return new Map(
    Object.entries(weekly).map(([weekday, hours]: [string, unknown]) => {
      if (!/^[1-7]$/.test(weekday))
        throw invalid('calendar.weekday-unknown', `${shown(weekday)} is not a weekday: give 1 (Monday) to 7 (Sunday)`);
      return [Number(weekday) as Weekday, minutesOf(hours ?? [], `weekday ${weekday}`)];
    }),
  );
};

const minutesOf = (list: unknown, when: string): Minutes[] => {
  if (!Array.isArray(list))
    throw malformed(`hours ${shown(list)} of ${when}: give a list such as [{ "from": "08:00", "to": "18:00" }]`);
  return list.map((hours: Partial<Hours> | null) => {
    const [from, to] = [minuteOfDay(hours?.from), minuteOfDay(hours?.to)];
    if (from === null || to === null || from === 1440)
      throw malformed(`hours ${shown(hours)} of ${when}: give times of day, "00:00" to "23:59", or "24:00" as the end`);
    return { from, to: to <= from ? to + 1440 : to };
  });
};

const minuteOfDay = (text: unknown): number | null => {
  const match = typeof text === 'string' ? /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text) : null;
  return match && (match[1] === undefined ? 1440 : Number(match[1]) * 60 + Number(match[2]));
};

const malformed = (what: string) => invalid('calendar.hours-malformed', what);

/** The same promise always in the same words: dates once and in order, no empty lists. What identity is made from. */
export const normalCalendar = (calendar: CalendarDefinition): CalendarDefinition => {
  const { zone, weekly, holidays = [], exceptions = {} } = checkCalendar(calendar);
  return {
    zone,
    weekly:
      weekly === '24x7' ? weekly : entriesOf(weekly, (hours: Optional) => (hours?.length ? inOrder(hours) : undefined)),
    ...(holidays.length > 0 && { holidays: [...new Set(holidays)].sort() }),
    ...(Object.keys(exceptions).length > 0 && {
      exceptions: entriesOf(exceptions, (hours) => (hours === 'closed' || !hours.length ? 'closed' : inOrder(hours))),
    }),
  };
};

type Optional = readonly Hours[] | undefined;

const entriesOf = <V, W>(
  record: { readonly [key: string]: V },
  change: (value: V) => W | undefined,
): Record<string, W> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      const changed = change(value);
      return changed === undefined ? [] : [[key, changed]];
    }),
  );

const inOrder = (hours: readonly Hours[]): Hours[] =>
  hours.map(({ from, to }) => ({ from, to })).sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1));
