import { accessSync, constants, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { addressOf, type Installation } from './environment';
import { portOf } from './ports';
import { writePrivately } from './private-file';
import { Refusal } from './refusal';
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
export const writeReadyFile = (path: string, ready: Ready): void =>
  writePrivately(path, `${JSON.stringify(ready, null, 2)}\n`);

/**
 * Before anything is started: an old file would tell of a run that is over. Returns what removes the new one at the end.
 * @throws Refusal when it could not be written later.
 */
export function clearReadyFile(path: string): () => void {
  const remove = () => rmSync(path, { force: true });
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a directory');
    accessSync(dirname(path), constants.W_OK);
    remove();
    return remove;
  } catch (error) {
    throw new Refusal(
      `The ready file ${path} cannot be written (${(error as Error).message}): choose another with --ready-file FILE.`,
    );
  }
}
