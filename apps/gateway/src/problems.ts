import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, type Problem } from '@underpin/platform/http/problem.filter';
import type { Log } from '@underpin/platform/telemetry/logger';
import { ServiceSilent } from './service-silent';

const RETRY_AFTER_SECONDS = '2';

export const sendProblem = (request: FastifyRequest, reply: FastifyReply, answer: Problem): FastifyReply => {
  if (answer.status === 503 || answer.status === 504) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply
    .status(answer.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send({ ...answer, correlationId: String(request.id) });
};

/** Turns what went wrong on a forwarded request into an answer of this house. */
export const problemsTo =
  (log: Log) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const silent = error instanceof ServiceSilent;
    const answer = silent ? error.problem() : problemOf(error);
    // Fastify would hang up on who still sends a body that is too large; whoever reads to its end hears why it was refused.
    if (answer.status === 413) void reply.removeHeader('connection');
    if (silent) log.warn(error.message, { correlationId: request.id, url: request.url });
    else if (answer.status >= 500)
      log.error('A request failed', { err: error, correlationId: request.id, url: request.url });
    return sendProblem(request, reply, answer);
  };
