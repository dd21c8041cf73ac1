import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DataDir } from './data-dir';
import { readIfThere, writePrivately } from './private-file';
import { Refusal } from './refusal';
import { appRoles, BUS_DATABASE, ownerOf, serviceDatabases } from './topology';

export const SUPERUSER = 'postgres';

/** Role → password. */
export type Passwords = ReadonlyMap<string, string>;

const roles = [SUPERUSER, ...[...serviceDatabases, BUS_DATABASE].map(ownerOf), ...appRoles];

/**
 * The passwords of this installation's PostgreSQL roles: generated on the first start (256 random bits each), read afterwards; a role that a
 * later version brings gets its own.
 * @throws Refusal when the file is there and cannot be read.
 */
export function passwordsOf(dir: DataDir): Passwords {
  const path = join(dir.secrets, 'postgres.json');
  const known = parse(path, readIfThere(path));
  const all = Object.fromEntries(roles.map((role) => [role, known[role] ?? randomBytes(32).toString('base64url')]));
  if (roles.some((role) => known[role] === undefined))
    writePrivately(path, `${JSON.stringify({ ...known, ...all }, null, 2)}\n`);
  return new Map(Object.entries(all));
}

/** @throws Error for a role that this installation does not have. */
export const passwordFor = (passwords: Passwords, role: string): string => {
  const password = passwords.get(role);
  if (password === undefined) throw new Error(`no password is kept for the role ${role}`);
  return password;
};

function parse(path: string, text: string | null): Record<string, string> {
  if (text === null) return {};
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    throw new Refusal(`${path} is damaged: restore it from a backup, or start with a new --data-dir.`);
  }
}
