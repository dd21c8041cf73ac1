import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { httpAdapter } from '@underpin/platform/http/server';
import { Health } from '@underpin/platform/service/health';
import { Log } from '@underpin/platform/telemetry/logger';
import { Metrics } from '@underpin/platform/telemetry/metrics';
import type { GatewayConfig } from './config';
import { showDocs } from './docs-page';
import { forwarding } from './forwarding';
import { GatewayModule } from './gateway.module';
import { openApi } from './openapi';
import { serviceReady } from './readiness';
import { steeredClock } from './steered-clock';

export interface RunningGateway {
  readonly url: string;
  /** Takes no more requests; resolves when those in hand are answered. */
  stop(): Promise<void>;
}

/** Longer than a service gives itself for a statement on its database. */
const PATIENCE_MS = 65_000;

export const startGateway = async (config: GatewayConfig, patienceMs = PATIENCE_MS): Promise<RunningGateway> => {
  const log = Log.of('gateway', config.logLevel);
  const metrics = new Metrics('gateway');
  const health = new Health();
  for (const service of config.services) health.add(serviceReady(service));

  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of(log, metrics, health),
    httpAdapter(metrics),
    {
      logger: log,
      bodyParser: false,
      abortOnError: false,
    },
  );
  const fastify = app.getHttpAdapter().getInstance();
  showDocs(app, config.services);
  void fastify.register(openApi(config.services, log));
  void fastify.register(steeredClock(config.services, log));
  void fastify.register(forwarding({ services: config.services, log, patienceMs }));
  await app.listen(config.port, config.host);
  const { port } = fastify.server.address() as { port: number };
  const url = `http://${config.host}:${port}`;
  log.info('The gateway is listening', { url, services: config.services.map(({ name }) => name) });
  return { url, stop: () => app.close() };
};
