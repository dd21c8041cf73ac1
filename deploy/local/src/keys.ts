import { createHash, randomBytes } from 'node:crypto';
import type { DataDir } from './data-dir';
import { readIfThere, writePrivately } from './private-file';

export interface ApiKey {
  /** The key's text; null when its file was removed (its hash alone is enough for the services). */
  readonly text: string | null;
  readonly generated: boolean;
}

/** 256 random bits, as `upk_` and 43 characters of base64url. */
export const newKey = (): string => `upk_${randomBytes(32).toString('base64url')}`;

/**
 * The API key of this installation: made on the first start, with every scope. The services read `keys.json`, which has its SHA-256 only;
 * `api-key.txt` has the key alone, for people and scripts.
 */
export function apiKeyOf(dir: DataDir): ApiKey {
  if (readIfThere(dir.keys) !== null) return { text: readIfThere(dir.apiKey)?.trim() ?? null, generated: false };
  const text = newKey();
  const sha256 = createHash('sha256').update(text).digest('hex');
  // The key before its hash: a kill between the two makes the next start generate both anew.
  writePrivately(dir.apiKey, `${text}\n`);
  writePrivately(dir.keys, `${JSON.stringify([{ id: 'local', sha256, scopes: ['*'] }], null, 2)}\n`);
  return { text, generated: true };
}
