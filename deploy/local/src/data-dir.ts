import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from './bus';
import { readIfThere, writePrivately } from './private-file';
import { Refusal } from './refusal';

/** Where everything of one installation is kept. */
export interface DataDir {
  readonly root: string;
  /** PostgreSQL's own directory, or a link to it (`postgres/cluster.ts` says when). */
  readonly postgres: string;
  readonly secrets: string;
  readonly keys: string;
  readonly apiKey: string;
  readonly logs: string;
  readonly lock: string;
  /** Written when the sample organisation was created, or declined. */
  readonly sample: string;
}

/** Raised when a later version keeps its data in another shape; what is found must say the same. */
const LAYOUT = 1;
const MARKER = 'underpin.json';

/** Searchable by the user that PostgreSQL runs as when we are root; what is secret inside has its own mode. */
const SEARCHABLE = 0o711;

export const dataDirAt = (root: string): DataDir => ({
  root,
  postgres: join(root, 'postgres'),
  secrets: join(root, 'secrets'),
  keys: join(root, 'keys.json'),
  apiKey: join(root, 'api-key.txt'),
  logs: join(root, 'logs'),
  lock: join(root, 'run.lock'),
  sample: join(root, 'sample.json'),
});

/**
 * Makes the directory on a first start, recognises it later.
 * @throws Refusal when it is somebody else's directory, of another layout, of another bus (what was read of the one says nothing about the
 * other, and what the other has not yet delivered would be lost), or cannot be made.
 */
export function openDataDir(root: string, bus: Bus['kind'] = 'postgres'): DataDir {
  const dir = dataDirAt(root);
  try {
    if (existsSync(root) && !statSync(root).isDirectory())
      throw new Refusal(`${root} is a file: choose a directory with --data-dir DIR.`);
    mkdirSync(root, { recursive: true, mode: SEARCHABLE });
    recognise(root, bus);
    mkdirSync(dir.secrets, { recursive: true, mode: 0o700 });
    mkdirSync(dir.logs, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(
      `The data directory ${root} cannot be used (${(error as Error).message}): choose another with --data-dir DIR.`,
    );
  }
  return dir;
}

function recognise(root: string, bus: Bus['kind']): void {
  const marker = join(root, MARKER);
  const owner = statSync(marker, { throwIfNoEntry: false })?.uid;
  // Before it is read: whoever may read all (root) would leave files behind that its owner may not.
  if (owner !== undefined && process.getuid !== undefined && owner !== process.getuid())
    throw new Refusal(
      `The data directory ${root} belongs to another user (number ${owner}): start as that user, or choose another with --data-dir DIR.`,
    );
  const text = readIfThere(marker);
  if (text === null) {
    if (readdirSync(root).some((name) => !name.startsWith(MARKER)))
      throw new Refusal(
        `${root} is not empty and is no data directory of Underpin: choose an empty or new one with --data-dir DIR.`,
      );
    writePrivately(marker, `${JSON.stringify({ layout: LAYOUT, bus })}\n`);
    return;
  }
  const { layout, bus: before } = parsed(text);
  if (layout !== LAYOUT)
    throw new Refusal(
      `The data directory ${root} has layout ${typeof layout === 'number' ? layout : 'unknown'}, this version of Underpin reads layout ${LAYOUT}: ` +
        'start it with the version that wrote it, or choose another directory with --data-dir DIR.',
    );
  if (before !== bus)
    throw new Refusal(
      `The data directory ${root} was begun with the ${String(before)} bus, and this start asks for ${bus}: ` +
        `set UNDERPIN_BUS=${String(before)}, or choose another directory with --data-dir DIR.`,
    );
}

const parsed = (text: string): { layout?: unknown; bus?: unknown } => {
  try {
    return JSON.parse(text) as { layout?: unknown; bus?: unknown };
  } catch {
    return {};
  }
};
