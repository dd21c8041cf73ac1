import { ArrayMaxSize, buildMessage, IsArray, Matches, ValidateBy } from 'class-validator';
import { instantOf, type Instant } from '@underpin/kernel/time/instant';
import { allOf } from './all-of';
import { matching } from './text';

/** Instants outside [EARLIEST, LATEST) are mistakes (seconds read as milliseconds, a sentinel, a slip of a key), not history. */
export const EARLIEST: Instant = Date.UTC(1970, 0, 1);
export const LATEST: Instant = Date.UTC(2200, 0, 1);

const LOCAL_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const UTC_MS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

const isPlausible = (text: string): boolean => {
  try {
    const instant = instantOf(text);
    return instant >= EARLIEST && instant < LATEST;
  } catch {
    return false;
  }
};

/** An instant as we publish it: RFC 3339, UTC, milliseconds: `2026-10-13T14:00:00.000Z`. */
export const UtcInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'utcInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && UTC_MS.test(value) && isPlausible(value),
      defaultMessage: buildMessage((each) => `${each}$property must be an instant such as 2026-10-13T14:00:00.000Z`),
    },
  });

/** An instant as others may tell it: any RFC 3339 with an offset. */
export const AnyInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'anyInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && value.length <= 40 && isPlausible(value),
      defaultMessage: buildMessage(
        (each) => `${each}$property must be an instant with an offset, such as 2026-10-13T16:00:00+02:00`,
      ),
    },
  });

/** A day in a calendar, without a zone: `2026-12-25`. */
export const LocalDate = (): PropertyDecorator => matching(LOCAL_DATE, 'a date such as 2026-12-25');

/** A list of at most `most` days. */
export const LocalDates = (most: number): PropertyDecorator =>
  allOf(
    IsArray(),
    ArrayMaxSize(most),
    Matches(LOCAL_DATE, { each: true, message: 'each value in $property must be a date such as 2026-12-25' }),
  );

/** A time of day in a calendar, to the minute; `24:00` is the end of the day. */
export const TimeOfDay = (): PropertyDecorator =>
  matching(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day such as 08:00');

/** An ISO 8601 duration of whole units: `P7D`, `PT4H`. */
export const IsoDuration = (): PropertyDecorator =>
  allOf(
    matching(
      /^P(?=\d|T\d)(\d{1,6}Y)?(\d{1,6}M)?(\d{1,6}W)?(\d{1,6}D)?(T(?=\d)(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}S)?)?$/,
      'an ISO 8601 duration such as P7D or PT4H',
    ),
  );
