/** A database row as the driver gives it: int8 and numeric arrive as strings, so that they stay exact. */
export type Row = Record<string, unknown>;

/** An int8 column that holds a safe integer (milliseconds, counts). */
export const int = (value: unknown): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new TypeError(`not a safe integer: ${String(value)}`);
  return number;
};

/** The same for a column that may be null. */
export const intOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : int(value));

/** JSON for a jsonb parameter: bigints travel as decimal strings, which Postgres casts exactly. */
export const json = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
