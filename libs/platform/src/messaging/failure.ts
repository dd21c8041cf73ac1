import { DomainError } from '@underpin/kernel/errors';
import { PositionMoved } from './positions';

/**
 * What a failure of a handler means for the message.
 *
 * - `not-ours`: another member has the partition. Nothing is done here.
 * - `away`: the database cannot be reached, or somebody stands in the way. The message has no part in it: wait, for as long as it takes.
 * - `final`: the message will fail each time. A dead letter at once.
 * - `maybe`: nobody knows. A few attempts, then a dead letter.
 */
export type Verdict = 'not-ours' | 'away' | 'final' | 'maybe';

/** Kinds of refusal that the same message meets each time: what it lacks comes as another message, and asks for a redrive. */
const FINAL_KINDS: ReadonlySet<DomainError['kind']> = new Set([
  'invalid',
  'conflict',
  'not-found',
  'forbidden',
  'too-large',
]);

const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** SQLSTATE: connection lost (08), resources short (53), shutdown (57P), server in trouble (58). */
const AWAY_CLASS = /^(08...|53...|57P..|58...)$/;
/** Read-only (a standby), serialization, deadlock, lock timeout. */
const AWAY = new Set(['25006', '40001', '40P01', '55P03']);
/** A value that cannot be stored: the message's own. */
const DATA_CLASS = /^22...$/;

const AWAY_MESSAGE =
  /timeout exceeded when trying to connect|connection terminated|connection ended|client has encountered a connection error|not queryable/i;

export const verdictOn = (error: unknown): Verdict => {
  if (error instanceof PositionMoved) return 'not-ours';
  if (error instanceof DomainError) return FINAL_KINDS.has(error.kind) ? 'final' : 'maybe';
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    message?: unknown;
  };
  if (typeof code === 'string') {
    if (SOCKET.has(code) || AWAY.has(code) || AWAY_CLASS.test(code)) return 'away';
    if (DATA_CLASS.test(code)) return 'final';
  }
  return typeof message === 'string' && AWAY_MESSAGE.test(message) ? 'away' : 'maybe';
};

/** The reason that a dead letter gives: a stable code where there is one. */
export const reasonFor = (error: unknown): string => (error instanceof DomainError ? error.code : 'handler-failed');

/** What was said, for people. */
export const detailOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
