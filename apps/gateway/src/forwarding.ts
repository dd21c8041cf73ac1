import replyFrom from '@fastify/reply-from';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { BODY_LIMIT_BYTES } from '@underpin/platform/http/server';
import { problem } from '@underpin/platform/http/problem.filter';
import type { Log } from '@underpin/platform/telemetry/logger';
import type { Upstream } from './config';
import { towardsCaller, towardsService } from './forwarded-headers';
import { problemsTo, sendProblem } from './problems';
import { noSuchService, pathBehind } from './route';
import { ServiceSilent } from './service-silent';

export interface ForwardingOptions {
  readonly services: readonly Upstream[];
  readonly log: Log;
  /** How long a service may be silent, before its answer and in the middle of it. */
  readonly patienceMs: number;
}

const CONNECT_WITHIN_MS = 5_000;
const CONNECTIONS_PER_SERVICE = 64;

/**
 * Forwards `/<service>/…` to that service. A request is taken in whole before the service is bothered with it (its body is
 * limited to 1 MiB), an answer is streamed. Nothing is judged here: each service checks the key itself.
 */
export const forwarding = (options: ForwardingOptions): FastifyPluginAsync =>
  async function forward(scope: FastifyInstance) {
    scope.setErrorHandler(problemsTo(options.log));
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, takeBody);
    await scope.register(replyFrom, {
      disableCache: true,
      disableRequestLogging: true,
      undici: {
        connections: CONNECTIONS_PER_SERVICE,
        // The plugin trusts any certificate unless told otherwise.
        connect: { timeout: CONNECT_WITHIN_MS, rejectUnauthorized: true },
        headersTimeout: options.patienceMs,
        bodyTimeout: options.patienceMs,
      },
    });
    for (const service of options.services) {
      const toService = forwardTo(service);
      scope.all(`/${service.name}/*`, toService);
      // Whoever types the bare address of a service wants to see what it can do.
      for (const address of [`/${service.name}`, `/${service.name}/`])
        scope.get(address, (_request, reply) => reply.redirect(`/docs?urls.primaryName=${service.name}`));
    }
    scope.all('/*', (request, reply) =>
      sendProblem(request, reply, problem(404, 'service.unknown', noSuchService(request.url, options.services))),
    );
  };

/** Bodies wait beside their requests, not in them: they are not ours to look into. */
const bodies = new WeakMap<FastifyRequest, Buffer>();

const takeBody = (request: FastifyRequest, body: Buffer, done: (error: null) => void): void => {
  bodies.set(request, body);
  done(null);
};

const forwardTo = (service: Upstream) => {
  const prefix = `/${service.name}`;
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    reply.from(pathBehind(request.url), {
      getUpstream: () => service.origin,
      // Given as they are: no encoding, no content type of another's choice.
      body: bodies.get(request) ?? null,
      contentType: 'application/octet-stream',
      // Who asked decides whether to ask again; repeating would keep a service down that has just come back.
      retryDelay: () => null,
      rewriteRequestHeaders: () =>
        towardsService(request.headers, {
          correlationId: String(request.id),
          from: request.ip,
          protocol: request.protocol,
          prefix,
        }),
      rewriteHeaders: (headers) => towardsCaller(headers, prefix),
      onError: (answer, { error }) => void answer.send(new ServiceSilent(service.name, error)),
    });
};
