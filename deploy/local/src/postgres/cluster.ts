import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readIfThere } from '../private-file';
import { Refusal } from '../refusal';
import { SUPERUSER } from '../secrets';
import { asUser, mayEnter, type OsUser } from './os-user';
import { sharedPlace, type Programs } from './programs';

export interface Cluster {
  /** Where the files really are. */
  readonly directory: string;
  readonly user: OsUser;
  readonly programs: Programs;
}

/**
 * The database cluster at `path`, made when there is none. Made beside its place and moved there when complete, so that a start that was
 * killed in the middle leaves nothing that looks like one. When root starts it where the user `postgres` may not go, the files are kept
 * at `/var/lib/underpin` and `path` is a link to them.
 * @throws Refusal when it cannot be read or made.
 */
export async function openCluster(
  path: string,
  password: string,
  user: OsUser,
  programs: Programs,
  signal: AbortSignal,
): Promise<Cluster & { created: boolean }> {
  if (existsSync(path)) {
    const directory = realpathSync(path);
    if (!mayEnter(user, directory))
      throw new Refusal(
        `The user "postgres" may not enter ${directory}: let it search the directories above ("chmod o+x"), or choose another place with --data-dir DIR.`,
      );
    return { directory, user, programs, created: false };
  }
  const elsewhere = !mayEnter(user, dirname(path));
  const home = elsewhere ? join(sharedPlace(), `data-${randomBytes(6).toString('hex')}`) : path;
  const draft = `${home}.new`;
  rmSync(draft, { recursive: true, force: true });
  await initialise(draft, password, user, programs, signal);
  renameSync(draft, home);
  if (elsewhere) symlinkSync(home, path);
  return { directory: realpathSync(path), user, programs, created: true };
}

/**
 * Looks before anything is touched or started; no cluster at all is fine.
 * @throws Refusal when it was written by another major version of PostgreSQL, or is not there where it should be.
 */
export function inspectCluster(path: string, major: string): void {
  const target = linkTarget(path);
  if (target === null && !existsSync(path)) return;
  if (!existsSync(path))
    throw new Refusal(
      `${path} links to ${target}, which is gone: restore it from a backup, or start with a new --data-dir.`,
    );
  const found = readIfThere(join(path, 'PG_VERSION'))?.trim();
  if (found === undefined)
    throw new Refusal(
      `${path} holds no PostgreSQL data (PG_VERSION is missing): restore it from a backup, or start with a new --data-dir.`,
    );
  if (found !== major)
    throw new Refusal(
      `The data in ${path} was written by PostgreSQL ${found}, and this Underpin brings PostgreSQL ${major}: ` +
        'start it with the version of Underpin that wrote it, or begin anew with another --data-dir.',
    );
}

const linkTarget = (path: string): string | null => {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
};

async function initialise(
  directory: string,
  password: string,
  user: OsUser,
  programs: Programs,
  signal: AbortSignal,
): Promise<void> {
  mkdirSync(directory, { mode: 0o700 });
  const scratch = mkdtempSync(join(tmpdir(), 'underpin-'));
  const passwordFile = join(scratch, 'password');
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if ('uid' in user) [directory, scratch, passwordFile].forEach((path) => chownSync(path, user['uid'], user['gid']));
    await run(programs.initdb, initdbArguments(directory, passwordFile), user, signal);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Locale C: the order of texts is the order of their bytes, the same on every machine and after every upgrade of an operating system. */
const initdbArguments = (directory: string, passwordFile: string): string[] => [
  `--pgdata=${directory}`,
  `--username=${SUPERUSER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--locale=C',
  '--encoding=UTF8',
  '--no-instructions',
];

const run = (program: string, args: readonly string[], user: OsUser, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...asUser(user), signal, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2_000)));
    child.once('error', (error) => reject(signal.aborted ? new Refusal('Stopping.') : error));
    child.once('close', (code, signal) =>
      code === 0
        ? resolve()
        : reject(
            new Refusal(`PostgreSQL could not make its data directory (${program}: ${code ?? signal}): ${said.trim()}`),
          ),
    );
  });
