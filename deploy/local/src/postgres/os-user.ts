import { execFileSync, spawnSync } from 'node:child_process';
import { parse } from 'node:path';
import { Refusal } from '../refusal';

/** Under whom PostgreSQL's programs run: nobody in particular (we are no root), or the numbers of its own user. */
export type OsUser = { readonly uid: number; readonly gid: number } | Record<string, never>;

const NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root; started by root (as in a container) it runs as the user `postgres`, which is made when there is none.
 * @throws Refusal when it is needed and cannot be made.
 */
export function postgresUser(): OsUser {
  if (process.getuid?.() !== 0) return {};
  const known = numbers();
  if (known !== null) return known;
  try {
    execFileSync('groupadd', ['--system', '--force', NAME], { stdio: 'pipe' });
    execFileSync(
      'useradd',
      ['--system', '--gid', NAME, '--no-create-home', '--home-dir', '/', '--shell', '/bin/false', NAME],
      { stdio: 'pipe' },
    );
  } catch {
    // said below, whatever the reason was
  }
  const made = numbers();
  if (made === null)
    throw new Refusal(
      `PostgreSQL does not run as root, and the user "${NAME}" is missing and could not be made: ` +
        `make one ("useradd --system ${NAME}"), or start Underpin as an ordinary user.`,
    );
  return made;
}

/** Whether the user may go into the directory; asked by trying, because access lists and mounts have their say. */
export const mayEnter = (user: OsUser, directory: string): boolean =>
  !('uid' in user) || spawnSync('/bin/sh', ['-c', 'cd -- "$0"', directory], asUser(user)).status === 0;

/** Options of a child process: the user, and a working directory that every user may be in. */
export const asUser = (user: OsUser) => ({ ...user, cwd: parse(process.execPath).root, env: plainEnvironment() });

/** Without the caller's language: the server's messages and its order of texts are the same everywhere. */
const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LC_|LANG)/.test(name)));

/** Takes away the variables by which we, and all that we start, would find another server than ours, or talk to it otherwise. */
export function forgetOtherServers(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('PG')) Reflect.deleteProperty(process.env, name);
}

const numbers = (): { uid: number; gid: number } | null => {
  const ask = (flag: string) =>
    Number.parseInt(execFileSync('id', [flag, NAME], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }), 10);
  try {
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return null;
  }
};
