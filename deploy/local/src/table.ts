import type { Bus } from './bus';
import type { LocalKey } from './keys';
import type { Ready } from './ready-file';
import { services } from './topology';

/** What stands at the end of a start: addresses, the key, and a first thing to try. */
export function table(ready: Ready, key: LocalKey, bus: Bus, now = new Date()): string {
  const rows: [string, string][] = [
    ['Gateway', ready.gateway],
    ['Swagger UI', ready.docs],
    ...services.map(({ name, title }): [string, string] => [
      title,
      `${ready.gateway}/${name}  (${ready.services[name] ?? ''})`,
    ]),
    ['PostgreSQL', `${ready.database.host}:${ready.database.port}`],
    ['Events', bus.kind === 'kafka' ? `Kafka at ${bus.brokers}` : 'in PostgreSQL (database underpin_bus)'],
    ['Data, logs', ready.dataDir],
    ['API key', key.text ?? 'not kept here any more; remove keys.json in the data directory for a new one'],
    ['', `(in ${ready.apiKeyFile})`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [
    '',
    ...lines,
    '',
    'A first thing to try: tell of an outage of an hour, and look what it does to the SLA.',
    '',
    firstThing(ready, now),
  ].join('\n');
}

const HOUR_MS = 3_600_000;

/** Two lines for a shell, to be copied as they are. They need the sample organisation to say much. */
export const firstThing = ({ gateway, apiKeyFile }: Pick<Ready, 'gateway' | 'apiKeyFile'>, now: Date): string => {
  const key = `-H "Authorization: Bearer $(cat ${quoted(apiKeyFile)})"`;
  const [began, ended] = [2, 1].map((hoursAgo) =>
    new Date(now.getTime() - hoursAgo * HOUR_MS).toISOString().slice(0, 19),
  );
  const outage = { service: 'payroll', sequence: 1, occurredAt: `${began ?? ''}Z`, restoredAt: `${ended ?? ''}Z` };
  return [
    `  curl -X PUT ${gateway}/availability/outages/desk/INC-1 ${key} -H 'Content-Type: application/json' -d '${JSON.stringify(outage)}'`,
    `  curl "${gateway}/service-level/attainments?service=payroll" ${key}`,
  ].join('\n');
};

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
