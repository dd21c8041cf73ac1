import { problem, type Problem } from '@underpin/platform/http/problem.filter';

const TOO_LATE = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'TimeoutError']);
const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const UNSEEN = 'It has not seen the request: send it again.';
const UNCERTAIN =
  'It may have taken the request in: if it was a change, look whether it was made before sending it again.';

/** A service was asked and gave no answer: it is away, or too slow. */
export class ServiceSilent extends Error {
  constructor(
    readonly service: string,
    override readonly cause: unknown,
  ) {
    super(`The service "${service}" gave no answer (${reasonIn(cause)})`);
  }

  /** What the caller is told: 504 when it took too long, else 503. */
  problem(): Problem {
    const reason = reasonIn(this.cause);
    if (TOO_LATE.has(reason))
      return problem(504, 'service.timeout', `The service "${this.service}" did not answer in time. ${UNCERTAIN}`, {
        title: 'No answer in time',
        service: this.service,
      });
    const next = NOT_REACHED.has(reason) ? UNSEEN : UNCERTAIN;
    return problem(
      503,
      'service.unavailable',
      `The service "${this.service}" is not available at the moment. ${next}`,
      {
        service: this.service,
      },
    );
  }
}

/** The innermost code of an error: the outer ones only say that something failed. */
export const reasonIn = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return String(error);
  const { cause, code, name } = error as { cause?: unknown; code?: unknown; name?: string };
  if (typeof cause === 'object' && cause !== null) return reasonIn(cause);
  return typeof code === 'string' ? code : (name ?? 'unknown');
};
