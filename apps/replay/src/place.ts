import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EXIT_USAGE, Refusal } from './refusal';

/** Where the platform is, and the key that opens it. */
export interface Place {
  /** The gateway's address, without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
}

/**
 * The platform of a ready file, or of UNDERPIN_URL and UNDERPIN_API_KEY. Paths are relative to `cwd`.
 *
 * @throws Refusal that says what is missing and how to come by it
 */
export const placeOf = (readyFile: string | null, env: NodeJS.ProcessEnv, cwd: string): Place =>
  readyFile === null ? fromEnvironment(env) : fromReadyFile(resolve(cwd, readyFile));

const fromEnvironment = ({ UNDERPIN_URL: url, UNDERPIN_API_KEY: apiKey }: NodeJS.ProcessEnv): Place => {
  if (!url || !apiKey)
    throw new Refusal(
      `Where is the platform? ${!url && !apiKey ? 'UNDERPIN_URL and UNDERPIN_API_KEY are' : !url ? 'UNDERPIN_URL is' : 'UNDERPIN_API_KEY is'} not set: ` +
        'set both, or start it with "npm start -- --ready-file FILE" and give the same --ready-file here.',
      EXIT_USAGE,
    );
  return { url: addressOf(url, 'UNDERPIN_URL'), apiKey: apiKey.trim() };
};

const fromReadyFile = (file: string): Place => {
  const text = contentOf(file, 'is the platform running? "npm start -- --ready-file FILE" writes it when all is ready');
  const { gateway, apiKeyFile } = objectIn(text) as { gateway?: unknown; apiKeyFile?: unknown };
  if (typeof gateway !== 'string' || typeof apiKeyFile !== 'string')
    throw new Refusal(
      `${file} is no ready file: it holds the JSON that "npm start -- --ready-file FILE" writes, with "gateway" and "apiKeyFile".`,
    );
  const key = contentOf(resolve(dirname(file), apiKeyFile), 'set UNDERPIN_URL and UNDERPIN_API_KEY instead');
  return { url: addressOf(gateway, `"gateway" in ${file}`), apiKey: key.trim() };
};

const addressOf = (text: string, what: string): string => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Refusal(
      `${what} is ${JSON.stringify(text)}: give the gateway's address, such as "http://127.0.0.1:7100".`,
      EXIT_USAGE,
    );
  return text.replace(/\/+$/, '');
};

const objectIn = (text: string): object => {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
};

const contentOf = (file: string, hint: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): ${hint}.`);
  }
};
