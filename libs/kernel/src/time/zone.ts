import { Temporal } from 'temporal-polyfill';
import { invalid, shown } from '../errors';
import { civilDate, EpochDay } from './civil';
import { Instant } from './instant';

const knownZones = new Map<string, boolean>();

/**
 * Is this the name of a zone of the IANA database, in its own spelling (`Europe/Berlin`, `UTC`)? Offsets such as
 * `+02:00` are none: they know no daylight saving time. Other spellings would give one agreement two identities.
 */
export const isKnownZone = (zone: string): boolean => {
  let known = knownZones.get(zone);
  if (known === undefined) {
    known = typeof zone === 'string' && /^[A-Za-z]/.test(zone) && properName(zone) === zone;
    if (knownZones.size < 2_000) knownZones.set(zone, known);
  }
  return known;
};

/** @throws DomainError invalid `zone.unknown` */
export const knownZone = (zone: string): string => {
  if (isKnownZone(zone)) return zone;
  const meant = typeof zone === 'string' && /^[A-Za-z]/.test(zone) ? properName(zone) : null;
  const right = meant
    ? `did you mean "${meant}"?`
    : 'give a name of the IANA database, such as "Europe/Berlin" or "UTC"';
  throw invalid('zone.unknown', `${shown(zone)} is not a time zone: ${right}`);
};

const properName = (zone: string): string | null => {
  try {
    return new Temporal.ZonedDateTime(0n, zone).timeZoneId;
  } catch {
    return null;
  }
};

/** An operation on zoned times costs 15 to 30 µs, and the same few days are asked for again and again. */
const firstInstants = new Map<string, Map<number, Instant>>();
const MINUTES_OF_A_DAY = 24 * 60;
const REMEMBERED = 100_000;

/**
 * The first instant of a local day at which the local clock shows this time or a later one. Where the clock jumps over
 * the time, that is the end of the jump; where it shows the time twice, the first of the two. So a later time of day
 * never comes before an earlier one, and a day that a zone left out (Pacific/Apia, 30 December 2011) is empty.
 *
 * @param minute minutes since local midnight, 0 to 1440; 1440 is the start of the next day
 */
export const firstInstantAt = (zone: string, day: EpochDay, minute: number): Instant => {
  let ofZone = firstInstants.get(zone);
  if (!ofZone) firstInstants.set(knownZone(zone), (ofZone = new Map<number, Instant>()));
  const key = day * MINUTES_OF_A_DAY + minute;
  let instant = ofZone.get(key);
  if (instant === undefined) {
    if (ofZone.size >= REMEMBERED) ofZone.clear();
    ofZone.set(key, (instant = computedFirstInstantAt(zone, key)));
  }
  return instant;
};

const computedFirstInstantAt = (zone: string, minutesSinceEpoch: number): Instant => {
  const { year, month, day } = civilDate(Math.floor(minutesSinceEpoch / MINUTES_OF_A_DAY));
  const minute = minutesSinceEpoch - Math.floor(minutesSinceEpoch / MINUTES_OF_A_DAY) * MINUTES_OF_A_DAY;
  const wanted = new Temporal.PlainDateTime(year, month, day, Math.floor(minute / 60), minute % 60);
  const found = wanted.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (found.toPlainDateTime().equals(wanted)) return found.epochMilliseconds;

  // The clock jumped over it: `found` lies before the jump, which is the zone's next transition.
  return found.getTimeZoneTransition('next')?.epochMilliseconds ?? found.epochMilliseconds;
};

/** The first instant of a local day. Midnight, unless the clock jumps over it. */
export const startOfDay = (zone: string, day: EpochDay): Instant => firstInstantAt(zone, day, 0);

/**
 * The local day that holds an instant, each day reaching from its first instant to that of the next day. (Where clocks
 * were set back across midnight, as in St. John's until 2011, the repeated hour belongs to the day that had begun.)
 */
export const localDayAt = (zone: string, instant: Instant): EpochDay => {
  if (!Number.isFinite(instant)) throw new RangeError(`no local day at ${instant}`);
  let day = Math.floor(instant / 86_400_000);
  while (instant < startOfDay(zone, day)) day--;
  while (instant >= startOfDay(zone, day + 1)) day++;
  return day;
};
