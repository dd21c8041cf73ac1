import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { problem } from '@underpin/platform/http/problem.filter';
import type { Log } from '@underpin/platform/telemetry/logger';
import type { Upstream } from './config';
import { problemsTo, sendProblem } from './problems';
import { ServiceSilent } from './service-silent';

/** The service that keeps the clock of a trial installation. */
const KEEPER = 'service-level';
const ALL_HAVE_IT_WITHIN_MS = 30_000;
const ASK_AGAIN_MS = 25;

/** What a service says about its clock at its health. */
interface ClockAtHealth {
  readonly clock?: { readonly version: string };
}

/**
 * `POST /clock`: moves business time, and answers when every service says that it goes by it. There only in a trial installation
 * (UNDERPIN_TEST_CLOCK=1 at the services): elsewhere the keeper knows no such route.
 */
export const steeredClock = (services: readonly Upstream[], log: Log): FastifyPluginAsync =>
  async function steer(scope: FastifyInstance) {
    scope.setErrorHandler(problemsTo(log));
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 4_096 }, (_request, body, done) =>
      done(null, body),
    );
    scope.post('/clock', async (request, reply) => {
      const keeper = services.find(({ name }) => name === KEEPER);
      if (keeper === undefined)
        return sendProblem(request, reply, problem(404, 'clock.unknown', `There is no ${KEEPER} behind this gateway`));
      const { status, type, text } = await steerAt(
        keeper,
        request.headers,
        request.body as Buffer | undefined,
        String(request.id),
      );
      if (status === 200) await allHave((JSON.parse(text) as { version: string }).version, services);
      return reply.status(status).header('content-type', type).send(text);
    });
  };

const steerAt = async (
  { name, origin }: Upstream,
  headers: Readonly<Record<string, unknown>>,
  body: Buffer | undefined,
  id: string,
) => {
  try {
    const passed = ['authorization', 'x-api-key'].flatMap((header) =>
      typeof headers[header] === 'string' ? [[header, headers[header]]] : [],
    );
    const answer = await fetch(`${origin}/admin/clock`, {
      method: 'POST',
      headers: {
        ...(Object.fromEntries(passed) as Record<string, string>),
        'content-type': 'application/json',
        'x-correlation-id': id,
      },
      body: body === undefined ? '{}' : new Uint8Array(body),
    });
    return {
      status: answer.status,
      type: answer.headers.get('content-type') ?? 'application/json',
      text: await answer.text(),
    };
  } catch (error) {
    throw new ServiceSilent(name, error);
  }
};

/** Every service goes by this version of the clock, or a later one. */
const allHave = async (version: string, services: readonly Upstream[]): Promise<void> => {
  const limit = AbortSignal.timeout(ALL_HAVE_IT_WITHIN_MS);
  await Promise.all(
    services.map(async ({ name, origin }) => {
      while (!(await has(origin, BigInt(version)))) {
        if (limit.aborted)
          throw new ServiceSilent(name, new Error(`it does not go by version ${version} of the clock`));
        await pause(ASK_AGAIN_MS);
      }
    }),
  );
};

const has = async (origin: string, version: bigint): Promise<boolean> => {
  try {
    const { clock } = (await (await fetch(`${origin}/health/ready`)).json()) as ClockAtHealth;
    return clock !== undefined && BigInt(clock.version) >= version;
  } catch {
    return false; // it is being started
  }
};
