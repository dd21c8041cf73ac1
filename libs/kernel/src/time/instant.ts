import { invalid, shown } from '../errors';

/** A point in time: integer milliseconds since 1970-01-01T00:00Z. `Infinity` stands for an end not known yet. */
export type Instant = number;

/** The span that four-digit years can write, and so everything that the wire can carry. */
export const EARLIEST: Instant = Date.parse('0001-01-01T00:00:00.000Z');
export const LATEST: Instant = Date.parse('9999-12-31T23:59:59.999Z');

/** Exact lengths of time, in ms. A local day is *not* always 24 hours: see `period.ts`. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** `2026-10-13T14:00:00.000Z`: RFC 3339, UTC, always with milliseconds. */
export const iso = (instant: Instant): string => new Date(instant).toISOString();

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an RFC 3339 date-time with its offset. Digits beyond the millisecond are cut off, never rounded up, so that a
 * time is never read as later than it was told. Local times, dates alone and days that no calendar has are refused.
 *
 * @throws DomainError invalid `instant.malformed` | `instant.out-of-range`
 */
export const instantOf = (text: string): Instant => {
  const instant = typeof text === 'string' ? parsed(text) : null;
  if (instant === null)
    throw invalid(
      'instant.malformed',
      `${shown(text)} is not a point in time: give an RFC 3339 date-time with offset, such as "2026-10-13T16:00:00+02:00"`,
    );
  if (instant < EARLIEST || instant > LATEST)
    throw invalid('instant.out-of-range', `${shown(text)} lies outside ${iso(EARLIEST)} to ${iso(LATEST)}`);
  return instant;
};

const parsed = (text: string): Instant | null => {
  const match = RFC_3339.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match.slice(7);
  if (hour > 23 || minute > 59 || second > 59 || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return null;

  // Date.UTC would read the years 0 to 99 as 1900 to 1999 and 30 February as 1 March.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;

  const sinceMidnight = hour * HOUR + minute * MINUTE + second * SECOND + Number(fraction.padEnd(3, '0').slice(0, 3));
  const offset = (Number(offsetHours) * HOUR + Number(offsetMinutes) * MINUTE) * (sign === '-' ? -1 : 1);
  return date.getTime() + sinceMidnight - offset;
};
