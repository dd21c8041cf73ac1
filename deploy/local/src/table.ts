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
    'A first thing to try: tell of an outage that began two hours ago and lasts, then see which target it has missed.',
    '',
    firstThing(ready, now),
  ].join('\n');
}

const BEGAN_BEFORE_MS = 2 * 3_600_000;

/**
 * Two lines for a shell, to be copied as they are; the README goes on with the same outage. Whenever they are run, the telling is newer than
 * those before it, and the outage is longer than the sample's SLA allows in a month. Without the sample the second finds nothing.
 */
export const firstThing = ({ gateway, apiKeyFile }: Pick<Ready, 'gateway' | 'apiKeyFile'>, now: Date): string => {
  const key = `-H "Authorization: Bearer $(cat ${quoted(apiKeyFile)})"`;
  const outage = {
    service: 'payroll',
    toldAt: now.toISOString(),
    occurredAt: new Date(now.getTime() - BEGAN_BEFORE_MS).toISOString(),
  };
  return [
    `  curl -X PUT ${gateway}/availability/outages/desk/INC-1 ${key} -H 'Content-Type: application/json' -d '${JSON.stringify(outage)}'`,
    `  sleep 1; curl "${gateway}/service-level/attainments?service=payroll&state=missed" ${key}`,
  ].join('\n');
};

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
