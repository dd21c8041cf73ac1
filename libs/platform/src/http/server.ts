import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../telemetry/metrics';
import { ShapeProblem, unkeepable } from './validation';

export const BODY_LIMIT_BYTES = 1_048_576;
const LOOK_FOR_IDLE_MS = 50;
const CORRELATION_ID = /^[\w.:-]{1,64}$/;

/** The correlation id that the caller sent, or a new one. */
const requestId = (request: IncomingMessage): string => {
  const sent = request.headers['x-correlation-id'];
  return typeof sent === 'string' && CORRELATION_ID.test(sent) ? sent : randomUUID();
};

/** Fastify with limits, a correlation id for each request, and a time for each answer. */
export const httpAdapter = (metrics: Metrics): FastifyAdapter => {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 300 },
    genReqId: (request: unknown) => requestId(request as IncomingMessage),
    forceCloseConnections: 'idle',
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-correlation-id', request.id);
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const problem = unkeepable(request.body) ?? unkeepable(request.params) ?? unkeepable(request.query);
    done(problem === undefined ? undefined : new ShapeProblem([problem]));
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.requests.observe(
      { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode },
      reply.elapsedTime / 1_000,
    );
    done();
  });
  // Closing waits for the requests in hand; a connection that is kept alive becomes idle only when its last answer is sent.
  fastify.addHook('preClose', (done) => {
    const sweep = setInterval(() => fastify.server.closeIdleConnections(), LOOK_FOR_IDLE_MS);
    fastify.server.once('close', () => clearInterval(sweep));
    done();
  });
  return adapter;
};
