import {
  countsAsOutage,
  distinctNames,
  eachOnce,
  fieldsOf,
  idOf,
  instantIn,
  instantOrNullIn,
  outageSpan,
  wrong,
  type Fields,
} from './fields';
import type { HistoryReader, Incident } from './history';
import type { Instant } from '@underpin/kernel/time/instant';

/**
 * The public API of Statuspage, version 2: `{"page": …, "incidents": [{id, status, impact, created_at, started_at,
 * resolved_at, components, incident_updates}]}`. Read by the same rules as JSON Lines; `created_at` stands in for a
 * `started_at` that is not given.
 */
export const statuspage: HistoryReader = {
  format: 'Statuspage v2',
  recognises: (text) => incidentsOf(text) !== null,
  read: (text, now) => ({ incidents: eachOnce(incidentsIn(incidentsOf(text) ?? [], now)) }),
};

const incidentsOf = (text: string): unknown[] | null => {
  if (!/^\s*\{/.test(text)) return null;
  try {
    const { incidents } = JSON.parse(text) as { incidents?: unknown };
    return Array.isArray(incidents) ? incidents : null;
  } catch {
    return null;
  }
};

function* incidentsIn(list: readonly unknown[], now: Instant): Generator<{ place: string; incident: Incident }> {
  for (const [at, value] of list.entries()) {
    const place = `incident ${at + 1}`;
    const fields = fieldsOf(value, place);
    const named = { id: idOf(fields, place), components: distinctNames(namesIn(fields, place), place) };
    const outage = countsAsOutage(fields, place)
      ? outageSpan(startOf(fields, place), endOf(fields, place), now, place)
      : null;
    yield { place, incident: { ...named, outage } };
  }
}

const startOf = (fields: Fields, place: string): Instant =>
  instantOrNullIn(fields, 'started_at', place) ?? instantIn(fields, 'created_at', place);

/** `resolved_at`; where a page left it out of an incident that it calls over, the update that says so. */
const endOf = (fields: Fields, place: string): Instant | null => {
  const resolvedAt = instantOrNullIn(fields, 'resolved_at', place);
  if (resolvedAt !== null || !OVER.includes(String(fields.status))) return resolvedAt;
  const resolved = updatesOf(fields, place).find(({ status }) => status === 'resolved');
  if (resolved === undefined)
    throw wrong(
      place,
      `it is ${String(fields.status)}, and neither "resolved_at" nor an update "resolved" says since when`,
    );
  return instantIn(resolved, 'created_at', place);
};

const OVER = ['resolved', 'postmortem', 'completed'];

/** The incident's own list; pages that leave it out name the components with the updates. */
const namesIn = (fields: Fields, place: string): unknown => {
  if (fields.components != null) return namesOf(fields.components, place);
  return updatesOf(fields, place).flatMap(({ affected_components: affected }) =>
    affected == null ? [] : namesOf(affected, place),
  );
};

const namesOf = (components: unknown, place: string): unknown[] => {
  if (!Array.isArray(components)) throw wrong(place, 'its components are not a list of objects with a "name"');
  return components.map((component) => fieldsOf(component, place).name);
};

/** The newest first, as the API gives them. */
const updatesOf = (fields: Fields, place: string): Fields[] =>
  Array.isArray(fields.incident_updates) ? fields.incident_updates.map((update) => fieldsOf(update, place)) : [];
