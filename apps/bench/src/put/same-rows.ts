import type { FreshDatabase } from '@underpin/testing/postgres';
import { report } from './load';

interface Told {
  readonly name: string;
  readonly url: string;
  readonly authorization: string;
  readonly database: FreshDatabase;
}

/** Everything that one telling leaves, without what differs by nature: identities and instants of the recording. */
const ROWS = `
  select to_jsonb(o) - 'id' - 'recorded_at' as outage, to_jsonb(r) - 'outage_id' - 'recorded_at' as report,
    to_jsonb(a) - 'id' - 'at' - 'correlation_id' as audit, b.topic, b.headers - 'ce_id' - 'ce_subject' - 'ce_correlationid' as headers,
    b.value::jsonb - 'id' - 'recordedAt' as value
  from outage o join outage_report r on r.outage_id = o.id join audit a on a.subject = 'outage' and a.key = o.source || '/' || o.external_id
  join outbox b on b.key = o.id::text where o.external_id = $1`;

/** Tells each of them of one outage and compares what they have written. @throws when the floor writes less, or something else */
export const proveSameRows = async (product: Told, ...floors: readonly Told[]): Promise<void> => {
  const expected = await rowsOf(product, 'SAME-0');
  for (const [index, floor] of floors.entries()) {
    const rows = await rowsOf(floor, `SAME-${index + 1}`);
    if (rows !== expected)
      throw new Error(`${floor.name} does not write the rows of the product:\n${rows}\n${expected}`);
  }
};

const rowsOf = async ({ name, url, authorization, database }: Told, externalId: string): Promise<string> => {
  const answer = await fetch(`${url}/monitoring/${externalId}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(report),
  });
  if (answer.status !== 201) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`);
  const rows = await database.query(ROWS, [externalId]);
  if (rows.length !== 1) throw new Error(`${name} left ${rows.length} sets of rows for one telling`);
  return JSON.stringify(rows[0]).replaceAll(externalId, 'SAME');
};
