import { resolve } from 'node:path';
import { EXIT_USAGE, Refusal } from './refusal';
import { HIGHEST_BASE_PORT } from './ports';

export interface Flags {
  /** Absolute. */
  readonly dataDir: string;
  /** The gateway's; the services and PostgreSQL listen beside it. */
  readonly port: number;
  /** Absolute. */
  readonly readyFile: string | null;
  readonly sample: boolean;
  readonly help: boolean;
}

export const DEFAULT_PORT = 7100;
const DEFAULT_DATA_DIR = '.underpin';

export const usage = `Usage: npm start -- [flags]

  --data-dir DIR     where everything is kept (default ./${DEFAULT_DATA_DIR})
  --port N           the gateway's port (default ${DEFAULT_PORT}); the services listen on N+1 to N+5, PostgreSQL on N+10
  --ready-file FILE  written when all is ready: JSON with the addresses and the path of the API key
  --no-sample        no sample organisation on the first start
  --help             this text

Ctrl-C stops everything; the next start with the same --data-dir finds its data.`;

const valued = new Set(['--data-dir', '--port', '--ready-file']);
const switches = new Set(['--no-sample', '--help']);

/**
 * Reads the command line (`--port 7200` and `--port=7200` alike); relative paths are relative to `cwd`.
 * @throws Refusal naming the flag that is unknown, lacks its value, is said twice or has a value that cannot be.
 */
export function parseFlags(args: readonly string[], cwd: string): Flags {
  const said = new Map<string, string>();
  const rest = [...args];
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const [name, inline] = splitOnce(word);
    if (said.has(name)) throw refused(`${name} is given twice: say it once.`);
    if (switches.has(name)) {
      if (inline !== undefined) throw refused(`${name} takes no value.`);
      said.set(name, '');
    } else if (valued.has(name)) {
      const value = inline ?? rest.shift();
      if (value === undefined || value === '' || (inline === undefined && value.startsWith('--')))
        throw refused(`${name} needs a value.`);
      said.set(name, value);
    } else throw refused(`Unknown flag ${JSON.stringify(word)}.`);
  }
  const readyFile = said.get('--ready-file');
  return {
    dataDir: resolve(cwd, said.get('--data-dir') ?? DEFAULT_DATA_DIR),
    port: portOf(said.get('--port')),
    readyFile: readyFile === undefined ? null : resolve(cwd, readyFile),
    sample: !said.has('--no-sample'),
    help: said.has('--help'),
  };
}

const splitOnce = (word: string): [string, string?] => {
  const at = word.indexOf('=');
  return at < 0 || !word.startsWith('--') ? [word] : [word.slice(0, at), word.slice(at + 1)];
};

const portOf = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > HIGHEST_BASE_PORT)
    throw refused(`--port ${text} cannot be: it takes a whole number from 1 to ${HIGHEST_BASE_PORT}.`);
  return port;
};

const refused = (sentence: string) => new Refusal(`${sentence} "npm start -- --help" lists the flags.`, EXIT_USAGE);
