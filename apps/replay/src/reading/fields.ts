import { DomainError, shown } from '@underpin/kernel/errors';
import { instantOf, iso, type Instant } from '@underpin/kernel/time/instant';
import { EARLIEST_DAY } from '../earliest';
import { Refusal } from '../refusal';
import type { Incident } from './history';

/** A JSON object whose fields are not known to be right. */
export type Fields = Readonly<Record<string, unknown>>;

/** `place` is where it stands, for people: "line 17". */
export const fieldsOf = (value: unknown, place: string): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(place, `${shown(value)} is not a JSON object with the fields of an incident`);
  return value as Fields;
};

/** An id as text: some sources write it as a number. */
export const idOf = ({ id }: Fields, place: string): string => {
  if (typeof id === 'string' && id.trim() !== '') return id;
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  throw wrong(place, `"id" is ${shownOrMissing(id)}: give the incident's id as text`);
};

/** Each name once: an incident that names a component twice is still one outage of it. */
export const distinctNames = (names: unknown, place: string): string[] => {
  if (!Array.isArray(names))
    throw wrong(place, `"components" is ${shownOrMissing(names)}: give a list of names, [] where none is stated`);
  for (const name of names as unknown[])
    if (typeof name !== 'string' || name.trim() === '')
      throw wrong(place, `"components" holds ${shownOrMissing(name)}: give each component's name as text`);
  return [...new Set(names as string[])];
};

const COUNTED = ['minor', 'major', 'critical'];
const NOT_COUNTED = ['none', 'maintenance'];

/** Whether an incident of this impact is an outage. */
export const countsAsOutage = ({ impact }: Fields, place: string): boolean => {
  if (typeof impact === 'string' && COUNTED.includes(impact)) return true;
  if (typeof impact === 'string' && NOT_COUNTED.includes(impact)) return false;
  throw wrong(place, `"impact" is ${shownOrMissing(impact)}: it is one of ${[...NOT_COUNTED, ...COUNTED].join(', ')}`);
};

export const instantIn = (fields: Fields, name: string, place: string): Instant => {
  const value = fields[name];
  if (typeof value !== 'string')
    throw wrong(
      place,
      `"${name}" is ${shownOrMissing(value)}: give a date-time with offset, such as "2024-03-01T14:05:00Z"`,
    );
  try {
    return instantOf(value);
  } catch (error) {
    if (error instanceof DomainError) throw wrong(place, `"${name}": ${error.message}`);
    throw error;
  }
};

/** Null where the field is null or absent. */
export const instantOrNullIn = (fields: Fields, name: string, place: string): Instant | null =>
  fields[name] == null ? null : instantIn(fields, name, place);

/** What can be told to a platform now: nothing of the future, nothing before it measures, no end before its start. */
export const outageSpan = (
  start: Instant,
  end: Instant | null,
  now: Instant,
  place: string,
): { start: Instant; end: Instant | null } => {
  if (start < Date.parse(EARLIEST_DAY))
    throw wrong(place, `it begins at ${iso(start)}, before ${EARLIEST_DAY}: such old outages are not measured`);
  if (start > now)
    throw wrong(place, `it begins at ${iso(start)}, which is in the future: only what has happened can be played`);
  if (end !== null && end > now)
    throw wrong(place, `it ends at ${iso(end)}, which is in the future: leave the end out while it is still down`);
  if (end !== null && end < start)
    throw wrong(place, `it ends (${iso(end)}) before it begins (${iso(start)}): correct one of the two`);
  return { start, end };
};

/** Every incident once. An id that comes again says the same, or the file contradicts itself. */
export const eachOnce = (read: Iterable<{ place: string; incident: Incident }>): Incident[] => {
  const known = new Map<string, { place: string; incident: Incident }>();
  for (const one of read) {
    const before = known.get(one.incident.id);
    if (before === undefined) known.set(one.incident.id, one);
    else if (JSON.stringify(before.incident) !== JSON.stringify(one.incident))
      throw wrong(
        one.place,
        `incident ${shown(one.incident.id)} is told otherwise than in ${before.place}: an id names one incident`,
      );
  }
  if (known.size === 0) throw new Refusal('The file holds no incident. Nothing was sent.');
  return [...known.values()].map(({ incident }) => incident);
};

export const wrong = (place: string, sentence: string): Refusal =>
  new Refusal(`${place.charAt(0).toUpperCase()}${place.slice(1)}: ${sentence}. Nothing was sent.`);

const shownOrMissing = (value: unknown): string => (value === undefined ? 'missing' : shown(value));
