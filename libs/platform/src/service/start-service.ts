import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeys } from '../auth/api-keys';
import { httpAdapter } from '../http/server';
import type { Bus } from '../messaging/bus';
import { LISTENERS, type Listener } from '../messaging/listens';
import { Messaging } from '../messaging/messaging';
import { openBus } from '../messaging/open-bus';
import { Database } from '../persistence/database';
import { UnitOfWork } from '../persistence/unit-of-work';
import { Log } from '../telemetry/logger';
import { Metrics } from '../telemetry/metrics';
import { RealClock, type Clock } from '../time/clock';
import { ClockController } from '../time/clock.controller';
import { steeredClockTable } from '../time/clock-steering';
import { followClock, SteeredClock } from '../time/steered-clock';
import { TIMERS, Timers, type TimerHandler } from '../timers/timers';
import { readConfig, type ServiceConfig } from './config';
import type { ServiceDefinition } from './definition';
import { Health } from './health';
import { describeApi } from './openapi';
import { PlatformModule, type PlatformParts } from './platform.module';
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
  const closers: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return { url: await start(service, config, closers), stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
};

/** Everything in the order in which it depends on each other; `closers` undo it from the end. */
const start = async (
  service: ServiceDefinition,
  config: ServiceConfig,
  closers: (() => unknown)[],
): Promise<string> => {
  const parts = await openParts(service, config, closers);
  const { log, clock, work } = parts;
  const bus = openBus(config.bus, config.member);
  closers.push(() => bus.close());
  if (clock instanceof SteeredClock) await goBy(clock, bus, parts, config, closers);

  const keepsClock = service.keepsClock === true && clock instanceof SteeredClock;
  const owns = keepsClock ? [...service.owns, steeredClockTable] : service.owns;
  const messaging = new Messaging(parts, bus, service.name, config.member, owns);
  const app = await NestFactory.create<NestFastifyApplication>(
    PlatformModule.of({ ...parts, bus, messaging }, service, keepsClock ? [ClockController] : []),
    httpAdapter(parts.metrics),
    { logger: log, abortOnError: false },
  );
  closers.push(() => app.close());
  describeApi(app, service);

  messaging.listenTo(partOf<Listener>(app, LISTENERS));
  const timers = new Timers(work, partOf<TimerHandler>(app, TIMERS), service.name, log);
  const workers = new Workers(work, partOf<Worker>(app, WORKERS), service.name, log);
  await app.listen(config.port, config.host);
  for (const loop of [workers, timers, messaging]) {
    loop.start();
    closers.push(() => loop.stop());
  }
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  log.info('Ready to serve', { url, bus: config.bus.kind, member: config.member });
  return url;
};

/** Connections and what is made of them, before Nest. */
const openParts = async (
  service: ServiceDefinition,
  config: ServiceConfig,
  closers: (() => unknown)[],
): Promise<PlatformParts> => {
  const log = Log.of(service.name, config.logLevel);
  const metrics = new Metrics(service.name);
  const health = new Health();
  const clock: Clock = config.testClock ? new SteeredClock() : new RealClock();

  const keys = new ApiKeys(config.apiKeysFile, (message) => log.warn(message));
  keys.open();
  closers.push(() => keys.close());

  const database = new Database({ url: config.databaseUrl, applicationName: config.member });
  await database.open();
  closers.push(() => database.close());
  database.onTransaction((milliseconds) => metrics.transactions.observe(milliseconds / 1_000));
  health.add({ name: 'database', check: async () => (await database.query('select 1'), null) });

  const work = new UnitOfWork(database, clock, `/underpin/${service.name}`);
  return { log, metrics, health, keys, clock, database, work };
};

/** Lets this process go by the steered clock, and say so at its health. */
const goBy = async (
  clock: SteeredClock,
  bus: Bus,
  { log, health }: PlatformParts,
  { member }: ServiceConfig,
  closers: (() => unknown)[],
): Promise<void> => {
  const following = await followClock(bus, clock, member, log);
  closers.push(() => following.stop());
  health.tell('clock', () => clock.present);
};

/** What the modules of the service provide under a token; nothing is fine. */
const partOf = <T>(app: NestFastifyApplication, token: symbol): readonly T[] => {
  try {
    return app.get<readonly T[]>(token, { strict: false });
  } catch {
    return [];
  }
};
