import { shown } from '@underpin/kernel/errors';
import type { Instant } from '@underpin/kernel/time/instant';
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
} from './fields';
import type { HistoryReader, Incident } from './history';

/**
 * One incident a line: `{id, components, impact, startedAt, resolvedAt}`; other fields are not read.
 *
 * Minor, major and critical incidents are outages, [startedAt, resolvedAt), of each component that they name. None and
 * maintenance are no outages, and their times are not read: the `startedAt` of a maintenance is its announcement. Without
 * `resolvedAt` an outage is not over yet.
 */
export const jsonLines: HistoryReader = {
  format: 'JSON Lines',
  recognises: () => true,
  read: (text, now) => ({ incidents: eachOnce(incidentsIn(text, now)) }),
};

function* incidentsIn(text: string, now: Instant): Generator<{ place: string; incident: Incident }> {
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.trim() === '') continue;
    const place = `line ${number}`;
    yield { place, incident: incidentOf(line, place, now) };
  }
}

const incidentOf = (line: string, place: string, now: Instant): Incident => {
  const fields = fieldsOf(parsed(line, place), place);
  const outage = countsAsOutage(fields, place)
    ? outageSpan(instantIn(fields, 'startedAt', place), instantOrNullIn(fields, 'resolvedAt', place), now, place)
    : null;
  return { id: idOf(fields, place), components: distinctNames(fields.components, place), outage };
};

const parsed = (line: string, place: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    throw wrong(
      place,
      `${shown(line.trim())} is not JSON: give one incident a line, or the incidents.json of a Statuspage`,
    );
  }
};
