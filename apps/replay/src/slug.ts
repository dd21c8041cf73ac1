import { digest } from './digest';

const LONGEST_BASE = 32;
const DIGITS = 12;

/**
 * A slug for each name, whatever its text: "API Requests" → `api-requests`. Where that would be empty, cut off, the same for two
 * names, or look like the way out, the way out is a digest of the name: `api-requests-5f1c29aa07be`. So the slugs are distinct, and
 * depend on the set of names alone.
 */
export const slugsOf = (names: readonly string[]): ReadonlyMap<string, string> => {
  const shared = new Map<string, number>();
  for (const name of names) shared.set(baseOf(name), (shared.get(baseOf(name)) ?? 0) + 1);
  return new Map(
    names.map((name) => {
      const base = baseOf(name);
      const alone = shared.get(base) === 1;
      const plain = alone && base !== '' && base.length <= LONGEST_BASE && !/(^|-)[0-9a-f]{12}$/.test(base);
      return [name, plain ? base : `${trimmed(base.slice(0, LONGEST_BASE)) || 'service'}-${digest(name, DIGITS)}`];
    }),
  );
};

const baseOf = (name: string): string =>
  trimmed(
    name
      .normalize('NFKD')
      .replace(/\p{Mark}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-'),
  );

const trimmed = (slug: string): string => slug.replace(/^-+|-+$/g, '');

const LONGEST_NAME = 200;

/** A name as the catalogue can keep it: one line of well-formed text, at most 200 characters. */
export const displayName = (name: string): string => {
  const line = name.replace(/[\p{Control}\p{Surrogate}\s]+/gu, ' ').trim();
  return line.length <= LONGEST_NAME ? line || 'Unnamed' : `${[...line].slice(0, LONGEST_NAME / 2 - 1).join('')}…`;
};
