import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { DomainError } from '@underpin/kernel/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../telemetry/logger';
import { ShapeProblem, type FieldProblem } from './validation';

/** RFC 9457 problem details. `code` is stable; `detail` says what was wrong and what would be right. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly FieldProblem[];
  readonly correlationId?: string;
  readonly [extension: string]: unknown;
}

const STATUS: Readonly<Record<DomainError['kind'], number>> = {
  invalid: 422,
  'not-found': 404,
  conflict: 409,
  forbidden: 403,
  unauthenticated: 401,
  'too-large': 413,
  unavailable: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not well formed',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In conflict with what is there',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not acceptable as it is',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available at the moment',
};

const RETRY_AFTER_SECONDS = '2';

export const problem = (status: number, code: string, detail: string, more: object = {}): Problem => ({
  type: `https://underpin.dev/problems/${code}`,
  title: TITLES[status] ?? 'Error',
  status,
  code,
  detail,
  ...more,
});

/** The one place that turns an error into an HTTP answer. Never shows SQL or a stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const answer = { ...problemOf(error), correlationId: String(request.id) };
    if (answer.status >= 500)
      this.log.error('A request failed', { err: error, correlationId: request.id, url: request.url });
    if (answer.status === 503) void reply.header('retry-after', RETRY_AFTER_SECONDS);
    // Fastify would hang up on who still sends a body that is too large; whoever sends to its end hears why it was refused.
    if (answer.status === 413) void reply.removeHeader('connection');
    if (answer.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.status(answer.status).header('content-type', 'application/problem+json; charset=utf-8').send(answer);
  }
}

export const problemOf = (error: unknown): Problem => {
  if (error instanceof DomainError)
    return problem(
      STATUS[error.kind],
      error.code,
      error.message,
      error.details === undefined ? {} : { details: error.details },
    );
  if (error instanceof ShapeProblem) return problem(400, 'request.malformed', error.message, { errors: error.errors });
  // Nest wraps what Fastify refused.
  if (error instanceof HttpException) return fromFastify(error.cause) ?? fromHttp(error);
  return (
    fromFastify(error) ??
    fromPostgres(error) ??
    problem(500, 'internal', 'Something went wrong here. The log has it under the correlation id.')
  );
};

const fromHttp = (error: HttpException): Problem => {
  const status = error.getStatus();
  return problem(status, status === 404 ? 'route.unknown' : 'request.refused', error.message);
};

/** Fastify refuses by itself: bodies that are no JSON, too large, of another media type. */
const fromFastify = (error: unknown): Problem | undefined => {
  const { statusCode, code, message } = (error ?? {}) as { statusCode?: number; code?: string; message?: string };
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return undefined;
  if (statusCode === 413)
    return problem(413, 'request.too-large', 'The body is larger than 1 MiB. Send less at a time.');
  if (statusCode === 415)
    return problem(
      415,
      'request.media-type',
      'Send the body as JSON, with the header "Content-Type: application/json".',
    );
  return problem(
    statusCode,
    (code ?? 'request.malformed').startsWith('FST_') ? 'request.malformed' : 'request.refused',
    message ?? 'The request is not well formed.',
  );
};

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
  '08003',
]);

/** A database that is away is a 503 to be tried again; a value that it cannot hold is the sender's to correct. */
const fromPostgres = (error: unknown): Problem | undefined => {
  const { code, message } = error as { code?: unknown; message?: string };
  const away =
    (typeof code === 'string' && UNREACHABLE.has(code)) ||
    /timeout exceeded when trying to connect|Connection terminated/i.test(message ?? '');
  if (away)
    return problem(
      503,
      'database.unavailable',
      'The database does not answer at the moment. Nothing was changed; try again.',
    );
  if (typeof code === 'string' && /^22/.test(code))
    return problem(422, 'value.out-of-range', 'A value in the request is outside of what can be stored.');
  return undefined;
};
