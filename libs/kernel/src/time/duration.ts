import { Temporal } from 'temporal-polyfill';
import { invalid, shown } from '../errors';
import { EARLIEST, HOUR, Instant, iso, LATEST, MINUTE, SECOND } from './instant';
import { knownZone } from './zone';

/** An ISO 8601 duration in its parts. Days and longer follow the calendar; `ms` is exact time. */
export interface Duration {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly ms: number;
}

const ISO_8601 =
  /^P(?=\d|T)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.(\d{1,3}))?S)?)?$/;

/**
 * Reads an ISO 8601 duration without a sign: `P7D`, `P1M`, `PT4H`, `P1DT12H`, `PT0.250S`. At most six digits a part.
 *
 * @throws DomainError invalid `duration.malformed`
 */
export const durationOf = (text: string): Duration => {
  const match = typeof text === 'string' ? ISO_8601.exec(text) : null;
  if (!match)
    throw invalid(
      'duration.malformed',
      `${shown(text)} is not a duration: give one as in ISO 8601, such as "P7D" (days), "PT4H" (hours) or "P1M" (months)`,
    );
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1, 8)
    .map((part: string | undefined) => Number(part ?? 0));
  const fraction = Number((match[8] ?? '').padEnd(3, '0'));
  return {
    years: years!,
    months: months!,
    weeks: weeks!,
    days: days!,
    ms: hours! * HOUR + minutes! * MINUTE + seconds! * SECOND + fraction,
  };
};

export const isDuration = (text: string): boolean => typeof text === 'string' && ISO_8601.test(text);

/**
 * The length in ms of a duration of hours, minutes and seconds.
 *
 * @throws DomainError invalid `duration.malformed`; `duration.not-exact` for days and longer: their length varies
 */
export const exactLength = (text: string): number => {
  const { years, months, weeks, days, ms } = durationOf(text);
  if (years || months || weeks || days)
    throw invalid(
      'duration.not-exact',
      `"${text}" has no fixed length: give hours, minutes and seconds, such as "PT24H" instead of "P1D"`,
    );
  return ms;
};

/**
 * The instant that lies a duration later. Years to days move the local date and keep the local time of day, across
 * changes of the clock (30 March 2024 12:00 + P1D = 31 March 12:00, in Berlin 23 hours later). Hours and shorter are
 * exact and come last.
 *
 * @throws DomainError invalid `duration.malformed`, `zone.unknown`, `instant.out-of-range`
 */
export const addDuration = (instant: Instant, isoDuration: string, zone: string): Instant => {
  const { ms, ...dates } = durationOf(isoDuration);
  const later = addDates(instant, dates, knownZone(zone)) + ms;
  if (!(later >= EARLIEST && later <= LATEST))
    throw invalid(
      'instant.out-of-range',
      `${isoDuration} after ${iso(instant)} lies outside ${iso(EARLIEST)} to ${iso(LATEST)}`,
    );
  return later;
};

const addDates = (instant: Instant, dates: Omit<Duration, 'ms'>, zone: string): number => {
  if (!dates.years && !dates.months && !dates.weeks && !dates.days) return instant;
  try {
    return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).add(dates).epochMilliseconds;
  } catch {
    return NaN; // beyond what Temporal can tell: the caller refuses it
  }
};
