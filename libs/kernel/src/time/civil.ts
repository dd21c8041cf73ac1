import { invalid, shown } from '../errors';

/*
 * Dates without a time zone, as plain integers. The proleptic Gregorian calendar, the weeks of ISO 8601.
 */

/** A local date as a count of days since 1970-01-01. */
export type EpochDay = number;

/** A local date as text: `2024-03-01`. */
export type LocalDate = string;

/** Monday is 1, Sunday is 7 (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const MS_OF_A_DAY = 86_400_000;

/** The day of a year, month (1 to 12; 13 is January of the next year) and day of the month. */
export const epochDay = (year: number, month: number, day: number): EpochDay =>
  new Date(0).setUTCFullYear(year, month - 1, day) / MS_OF_A_DAY;

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const civilDate = (day: EpochDay): CivilDate => {
  const date = new Date(day * MS_OF_A_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: EpochDay): Weekday => (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;

/** The Monday of the given ISO week. 4 January always lies in the first week of its year. */
export const mondayOfWeek = (year: number, week: number): EpochDay => {
  const fourthOfJanuary = epochDay(year, 1, 4);
  return fourthOfJanuary - (weekdayOf(fourthOfJanuary) - 1) + (week - 1) * 7;
};

/** The ISO year and week of a day: a week belongs to the year of its Thursday. */
export const isoWeek = (day: EpochDay): { readonly year: number; readonly week: number } => {
  const thursday = day - weekdayOf(day) + 4;
  const { year } = civilDate(thursday);
  return { year, week: Math.floor((thursday - epochDay(year, 1, 1)) / 7) + 1 };
};

export const localDate = (day: EpochDay): LocalDate => new Date(day * MS_OF_A_DAY).toISOString().slice(0, 10);

/**
 * Reads a local date.
 *
 * @throws DomainError invalid `date.malformed`: not `YYYY-MM-DD`, or a day that no calendar has
 */
export const dayOf = (text: LocalDate): EpochDay => {
  const match = typeof text === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) : null;
  const day = match ? epochDay(Number(match[1]), Number(match[2]), Number(match[3])) : NaN;
  if (Number.isNaN(day) || civilDate(day).year < 1 || localDate(day) !== text)
    throw invalid('date.malformed', `${shown(text)} is not a date: give year, month and day, such as "2024-02-29"`);
  return day;
};
