/** What went wrong, in the caller's terms. One table maps kinds to HTTP statuses, another to retry or dead letter. */
export type ErrorKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'too-large' | 'unavailable';

/** Facts that a program may want to read: the offending field and value, the identity of the subject. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * A refusal that the caller can understand and act upon.
 * The code is stable and public (`outage.in-the-future`); the message says what was wrong and what would be right.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details?: ErrorDetails,
  ) {
    super(message);
  }
}

const ofKind =
  (kind: ErrorKind) =>
  (code: string, message: string, details?: ErrorDetails): DomainError =>
    new DomainError(kind, code, message, details);

/** The request is understood and makes no sense: a target of 101 %, an end before its start. */
export const invalid = ofKind('invalid');
/** Nobody knows who is calling. */
export const unauthenticated = ofKind('unauthenticated');
/** The caller is known and may not do this. */
export const forbidden = ofKind('forbidden');
/** The subject is unheard of, or not to be seen by this caller. */
export const notFound = ofKind('not-found');
/** The subject's present state forbids it: already agreed, another version, a closed period. */
export const conflict = ofKind('conflict');
/** More than is taken at once. */
export const tooLarge = ofKind('too-large');
/** Not now: the same request may succeed later. */
export const unavailable = ofKind('unavailable');

/** A value as a message shows it: text in quotes, and cut off where it is long. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' || typeof value === 'object' ? asJson(value) : `${value as number}`;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

const asJson = (value: string | object | null): string => {
  try {
    return JSON.stringify(value);
  } catch {
    return 'an object';
  }
};
