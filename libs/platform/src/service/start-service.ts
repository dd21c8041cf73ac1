import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeys } from '../auth/api-keys';
import { httpAdapter } from '../http/server';
import { messagingOf } from '../messaging/messaging';
import { MessagingModule } from '../messaging/messaging.module';
import { openBus } from '../messaging/open-bus';
import { Database } from '../persistence/database';
import { UnitOfWork } from '../persistence/unit-of-work';
import { Log } from '../telemetry/logger';
import { Metrics } from '../telemetry/metrics';
import { RealClock } from '../time/clock';
import { TIMERS, Timers, type TimerHandler } from '../timers/timers';
import { readConfig } from './config';
import type { ServiceDefinition } from './definition';
import { Health } from './health';
import { describeApi } from './openapi';
import { PlatformModule } from './platform.module';
import { Workers, WORKERS, type Worker } from './workers';

/** A service that answers. */
export interface RunningService {
  readonly url: string;
  /** Finishes what is in hand, takes nothing new, and closes all connections. */
  stop(): Promise<void>;
}

/**
 * Starts a service: configuration, connections, HTTP, then the loops (relay, consumer, timers, workers). What fails on the way is
 * thrown, and what was opened is closed again.
 *
 * @throws ConfigProblem naming every variable that is missing or wrong
 */
export const startService = async (
  service: ServiceDefinition,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<RunningService> => {
  const config = readConfig(env, service.name);
  const closers: (() => Promise<unknown> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const log = Log.of(service.name, config.logLevel);
    const metrics = new Metrics(service.name);
    const health = new Health();
    const clock = new RealClock();

    const keys = new ApiKeys(config.apiKeysFile, (message) => log.warn(message));
    keys.open();
    closers.push(() => keys.close());

    const database = new Database({ url: config.databaseUrl, applicationName: service.name });
    await database.open();
    closers.push(() => database.close());
    database.onTransaction((milliseconds) => metrics.transactions.observe(milliseconds / 1_000));
    health.add({ name: 'database', check: async () => (await database.query('select 1'), null) });

    const bus = openBus(config.bus, { member: config.member, log });
    closers.push(() => bus.close());

    const work = new UnitOfWork(database, clock, `/underpin/${service.name}`);
    const parts = { log, metrics, health, keys, clock, database, work };
    const app = await NestFactory.create<NestFastifyApplication>(
      { module: class Service {}, imports: [PlatformModule.of(parts), MessagingModule.of(service, bus), service.module] },
      httpAdapter(metrics),
      { logger: log, abortOnError: false },
    );
    closers.push(() => app.close());
    describeApi(app, service);

    const messaging = await messagingOf(app, { service, bus, member: config.member, ...parts });
    const timers = new Timers(work, app.get<TimerHandler[]>(TIMERS, { strict: false, each: false }), service.name, log);
    const workers = new Workers(work, app.get<Worker[]>(WORKERS, { strict: false, each: false }), service.name, log);

    await app.listen(config.port, config.host);
    for (const loop of [messaging, timers, workers]) {
      closers.push(() => loop.stop());
      await loop.start();
    }
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    log.info('Ready to serve', { url, bus: config.bus.kind });
    return { url, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
};
