import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { addressOf, type Installation } from './environment';
import { portOf } from './ports';
import { writePrivately } from './private-file';
import { GATEWAY, HOST, POSTGRES, services } from './topology';

/** What a script needs to find the platform; times and secrets are not in it. */
export interface Ready {
  readonly gateway: string;
  readonly services: Readonly<Record<string, string>>;
  readonly docs: string;
  /** A text file with the key alone. */
  readonly apiKeyFile: string;
  readonly pid: number;
  readonly dataDir: string;
  readonly database: { readonly host: string; readonly port: number };
}

export const readyOf = ({ dir, ports }: Installation): Ready => ({
  gateway: addressOf(ports, GATEWAY),
  services: Object.fromEntries(services.map(({ name }) => [name, addressOf(ports, name)])),
  docs: `${addressOf(ports, GATEWAY)}/docs`,
  apiKeyFile: dir.apiKey,
  pid: process.pid,
  dataDir: dir.root,
  database: { host: HOST, port: portOf(ports, POSTGRES) },
});

/** Appears whole, when everything is ready. */
export function writeReadyFile(path: string, ready: Ready): void {
  mkdirSync(dirname(path), { recursive: true });
  writePrivately(path, `${JSON.stringify(ready, null, 2)}\n`);
}

/** At the start (an old one would tell of a run that is over) and at the end. */
export const removeReadyFile = (path: string): void => rmSync(path, { force: true });
