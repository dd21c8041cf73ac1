import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';

/** A caller that is let in: what a key in the file says. */
export interface ApiKey {
  readonly id: string;
  /** Hex SHA-256 of the key's text. The text itself is never stored. */
  readonly sha256: string;
  /** `<process>:read|write|approve|admin`, `<process>:*`, or `*`. */
  readonly scopes: readonly string[];
  /** A key of a customer or supplier sees its own party only. */
  readonly party?: string;
}

const WATCH_INTERVAL_MS = 1_000;

/** The file of API keys, read again when it changes. A file that cannot be read keeps the keys that were known. */
export class ApiKeys {
  private keys: readonly (ApiKey & { digest: Buffer })[] = [];

  constructor(
    private readonly file: string,
    private readonly onProblem: (message: string) => void = () => undefined,
  ) {}

  /** Reads the file; throws if it is not fit to start with. */
  open(): void {
    this.keys = parseKeys(readFileSync(this.file, 'utf8'), this.file);
    watchFile(this.file, { interval: WATCH_INTERVAL_MS, persistent: false }, () => {
      try {
        this.keys = parseKeys(readFileSync(this.file, 'utf8'), this.file);
      } catch (error) {
        this.onProblem(`The keys file was changed but is not used: ${(error as Error).message}`);
      }
    });
  }

  close(): void {
    unwatchFile(this.file);
  }

  /** The key that this text is, compared in constant time; undefined if none. */
  find(text: string): ApiKey | undefined {
    const digest = createHash('sha256').update(text).digest();
    let found: ApiKey | undefined;
    for (const key of this.keys) if (timingSafeEqual(key.digest, digest)) found = key;
    return found;
  }
}

const parseKeys = (text: string, file: string): (ApiKey & { digest: Buffer })[] => {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error(`${file} must hold a JSON array of keys`);
  return parsed.map((entry: Partial<ApiKey>, index) => {
    const digest = Buffer.from(entry.sha256 ?? '', 'hex');
    if (typeof entry.id !== 'string' || digest.length !== 32 || !Array.isArray(entry.scopes))
      throw new Error(`${file}: entry ${index} needs "id", "sha256" (64 hex digits) and "scopes"`);
    return { ...(entry as ApiKey), digest };
  });
};

/** A new key: its text (256 random bits, shown once) and the entry for the file. */
export const newApiKey = (id: string, scopes: readonly string[]): { text: string; entry: ApiKey } => {
  const text = `upk_${randomBytes(32).toString('base64url')}`;
  return { text, entry: { id, sha256: createHash('sha256').update(text).digest('hex'), scopes } };
};

/** Whether these scopes allow what a route asks for. */
export const allows = (scopes: readonly string[], wanted: string): boolean => {
  const [process] = wanted.split(':');
  return scopes.includes('*') || scopes.includes(wanted) || scopes.includes(`${process}:*`);
};
