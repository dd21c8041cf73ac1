import { invalid, shown } from '../errors';
import { civilDate, dayOf, EpochDay, epochDay, isoWeek, localDate, mondayOfWeek, weekdayOf } from './civil';
import { Instant } from './instant';
import { Interval } from './interval';
import { knownZone, localDayAt, startOfDay } from './zone';

export { addDuration } from './duration';
export { isKnownZone } from './zone';

export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'year';
export const PERIOD_KINDS: readonly PeriodKind[] = ['day', 'week', 'month', 'quarter', 'year'];

/** A calendar period by the clocks of a zone: half-open, from the first instant of a local day to that of another. */
export interface Period {
  readonly kind: PeriodKind;
  readonly zone: string;
  readonly from: Instant;
  readonly to: Instant;
  /** `2024-03-01`, `2024-W05`, `2024-03`, `2024-Q1`, `2024`: with kind and zone, its name. */
  readonly label: string;
}

/** The period that holds an instant. @throws DomainError invalid `zone.unknown` */
export const periodAt = (kind: PeriodKind, zone: string, instant: Instant): Period =>
  periodOf(kind, zone, firstDay[kind](localDayAt(knownZone(zone), instant)));

/** The period that begins where this one ends. */
export const nextPeriod = (period: Period): Period => periodAt(period.kind, period.zone, period.to);

/** The periods that share an instant with the interval, in order. A day that the zone left out is none of them. */
export const periodsOf = (kind: PeriodKind, zone: string, interval: Interval): Period[] => {
  if (!Number.isFinite(interval.start) || !Number.isFinite(interval.end))
    throw new RangeError('periods of an interval without end');
  const periods: Period[] = [];
  if (interval.start < interval.end)
    for (let p = periodAt(kind, zone, interval.start); p.from < interval.end; p = nextPeriod(p)) periods.push(p);
  return periods;
};

/**
 * The period of a label, whose shape tells its kind.
 *
 * @throws DomainError invalid `period.malformed`: no such shape, month, week or day; `zone.unknown`
 */
export const periodFromLabel = (label: string, zone: string): Period => {
  const named = typeof label === 'string' ? kindAndFirstDay(label) : null;
  if (named) {
    const period = periodOf(named.kind, knownZone(zone), named.day);
    if (period.label === label && period.from < period.to) return period;
  }
  throw invalid(
    'period.malformed',
    `${shown(label)} is not a period: give a year "2024", a quarter "2024-Q1", a month "2024-03", an ISO week "2024-W05" or a day "2024-03-01" that exists`,
  );
};

const kindAndFirstDay = (label: string): { kind: PeriodKind; day: EpochDay } | null => {
  const [, yearText, quarter, week, month] = /^(\d{4})(?:-Q([1-4])|-W(\d{2})|-(\d{2})(?:-\d{2})?)?$/.exec(label) ?? [];
  const year = Number(yearText);
  if (!(year >= 1)) return null;
  if (quarter) return { kind: 'quarter', day: epochDay(year, Number(quarter) * 3 - 2, 1) };
  if (week) return { kind: 'week', day: mondayOfWeek(year, Number(week)) };
  if (!month) return { kind: 'year', day: epochDay(year, 1, 1) };
  if (label.length === 7) return { kind: 'month', day: epochDay(year, Number(month), 1) };
  try {
    return { kind: 'day', day: dayOf(label) };
  } catch {
    return null;
  }
};

/** The first day of the period that holds a day. */
export const firstDay: Readonly<Record<PeriodKind, (day: EpochDay) => EpochDay>> = {
  day: (day) => day,
  week: (day) => day - weekdayOf(day) + 1,
  month: (day) => monthsFrom(day, 1, 0),
  quarter: (day) => monthsFrom(day, 3, 0),
  year: (day) => monthsFrom(day, 12, 0),
};

/** The first day after the period that holds a day. */
export const dayAfter: Readonly<Record<PeriodKind, (day: EpochDay) => EpochDay>> = {
  day: (day) => day + 1,
  week: (day) => firstDay.week(day) + 7,
  month: (day) => monthsFrom(day, 1, 1),
  quarter: (day) => monthsFrom(day, 3, 1),
  year: (day) => monthsFrom(day, 12, 1),
};

/** The start of the block of `months` months that holds a day, or of the block `blocks` later. */
const monthsFrom = (day: EpochDay, months: number, blocks: number): EpochDay => {
  const { year, month } = civilDate(day);
  return epochDay(year, (Math.floor((month - 1) / months) + blocks) * months + 1, 1);
};

const periodOf = (kind: PeriodKind, zone: string, first: EpochDay): Period => ({
  kind,
  zone,
  from: startOfDay(zone, first),
  to: startOfDay(zone, dayAfter[kind](first)),
  label: labelOf[kind](first),
});

const labelOf: Readonly<Record<PeriodKind, (first: EpochDay) => string>> = {
  day: localDate,
  week: (first) => {
    const { year, week } = isoWeek(first);
    return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
  },
  month: (first) => localDate(first).slice(0, 7),
  quarter: (first) => `${localDate(first).slice(0, 4)}-Q${(civilDate(first).month + 2) / 3}`,
  year: (first) => localDate(first).slice(0, 4),
};
