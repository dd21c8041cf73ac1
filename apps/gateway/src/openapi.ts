import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Log } from '@underpin/platform/telemetry/logger';
import type { Upstream } from './config';
import { problemsTo } from './problems';
import { ServiceSilent } from './service-silent';

const ANSWER_WITHIN_MS = 5_000;

/** A service's description as it is true behind the gateway: what "Try it out" sends must find its way. */
export const behindGateway = (document: object, service: string): object => ({
  ...document,
  servers: [{ url: `/${service}`, description: 'Through the gateway' }],
});

/** `/openapi/<service>.json`: the description that the service gives of itself at this moment. */
export const openApi = (services: readonly Upstream[], log: Log): FastifyPluginAsync =>
  async function describe(scope: FastifyInstance) {
    scope.setErrorHandler(problemsTo(log));
    for (const service of services)
      scope.get(`/openapi/${service.name}.json`, async () => behindGateway(await documentOf(service), service.name));
  };

const documentOf = async ({ name, origin }: Upstream): Promise<object> => {
  try {
    const answer = await fetch(`${origin}/openapi.json`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const document: unknown = await answer.json();
    if (!answer.ok || typeof document !== 'object' || document === null)
      throw new Error(`no description: ${answer.status}`);
    return document;
  } catch (error) {
    throw new ServiceSilent(name, error);
  }
};
