import { shown } from './errors';

/**
 * JSON in one spelling only (RFC 8785, JSON Canonicalization Scheme): names sorted by their UTF-16 code units, no white
 * space, numbers and strings as ECMAScript writes them. Members that are undefined are left out.
 *
 * @throws TypeError for what JSON cannot say: NaN, infinities, bigint, functions, lone surrogates
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`JSON cannot say ${shown(value)}`);
};
