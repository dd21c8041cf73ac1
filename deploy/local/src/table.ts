import type { LocalKey } from './keys';
import type { Ready } from './ready-file';
import { services } from './topology';

/** What stands at the end of a start: addresses, the key, and a first thing to try. */
export function table(ready: Ready, key: LocalKey): string {
  const rows: [string, string][] = [
    ['Gateway', ready.gateway],
    ['Swagger UI', ready.docs],
    ...services.map(({ name, title }): [string, string] => [title, `${ready.gateway}/${name}  (${ready.services[name] ?? ''})`]),
    ['PostgreSQL', `${ready.database.host}:${ready.database.port}`],
    ['Data', ready.dataDir],
    ['API key', key.text ?? 'not kept here any more; remove keys.json in the data directory for a new one'],
    ['', `(in ${ready.apiKeyFile})`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return ['', ...lines, '', 'A first thing to try: tell of an outage, and read what is believed about it.', '', firstThing(ready)].join('\n');
}

/** Can be copied into a shell as it is. */
export const firstThing = ({ gateway, apiKeyFile }: Pick<Ready, 'gateway' | 'apiKeyFile'>): string =>
  [
    `  curl -X PUT ${gateway}/availability/outages/desk/INC-1 \\`,
    `    -H "Authorization: Bearer $(cat ${quoted(apiKeyFile)})" -H 'Content-Type: application/json' \\`,
    `    -d '{"service": "payroll", "sequence": 1, "occurredAt": "2026-01-05T09:00:00Z", "restoredAt": "2026-01-05T10:00:00Z"}'`,
  ].join('\n');

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
