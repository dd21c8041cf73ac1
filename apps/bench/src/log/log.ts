import { PostgresLog } from '@underpin/platform/messaging/postgres-log';
import { outages } from '@underpin/contracts/availability/outage.v1';
import { busDatabase } from '../bus-database';
import { reported, type Part, type Terms } from '../finding';
import { outageEvents, portionsOf } from '../outage-events';

const BATCH = 500;

/** How fast the bus of one machine takes events. */
export const log = async ({ isShort }: Terms): Promise<Part> => {
  const records = outageEvents(isShort ? 5_000 : 30_000);
  const database = await busDatabase();
  const bus = new PostgresLog({ url: database.appUrl, applicationName: 'bench' });
  const rates: number[] = [];
  for (let round = 0; round < (isShort ? 3 : 6); round++) {
    const started = performance.now();
    for (const portion of portionsOf(records, BATCH)) await bus.append(outages.topic, portion);
    rates.push((records.length * 1_000) / (performance.now() - started));
  }
  await bus.close();
  await database.drop();
  return {
    name: 'log',
    title: 'The Postgres log',
    how: [
      `The bus of one machine: events of outages, appended ${BATCH} at a time, each append a durable commit. The first round is a warm-up.`,
    ],
    findings: [reported('appended', 'records/s', rates.slice(1))],
    where: [],
  };
};
