import { createHash, randomBytes } from 'node:crypto';
import type { DataDir } from './data-dir';
import { readIfThere, writePrivately } from './private-file';

export interface LocalKey {
  /** The key's text; null when its file was removed (its hash alone is enough for the services). */
  readonly text: string | null;
  readonly generated: boolean;
}

/**
 * The API key of this installation: 256 random bits, made on the first start, with every scope. The services read `keys.json`, which has its
 * SHA-256 only; `api-key.txt` has the key alone, for people and scripts.
 */
export function apiKeyOf(dir: DataDir): LocalKey {
  if (readIfThere(dir.keys) !== null) return { text: readIfThere(dir.apiKey)?.trim() ?? null, generated: false };
  const text = `upk_${randomBytes(32).toString('base64url')}`;
  const sha256 = createHash('sha256').update(text).digest('hex');
  // The key before its hash: a kill between the two makes the next start generate both anew.
  writePrivately(dir.apiKey, `${text}\n`);
  writePrivately(dir.keys, `${JSON.stringify([{ id: 'local', sha256, scopes: ['*'] }], null, 2)}\n`);
  return { text, generated: true };
}
