import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { ApiKeys } from '../auth/api-keys';
import { ScopeGuard } from '../auth/scope.guard';
import { ProblemFilter } from '../http/problem.filter';
import type { Bus } from '../messaging/bus';
import { BUS } from '../messaging/bus-token';
import { DeadLettersController } from '../messaging/dead-letters.controller';
import { Messaging } from '../messaging/messaging';
import { ResyncController } from '../messaging/resync.controller';
import { validationPipe } from '../http/validation';
import { Database } from '../persistence/database';
import { UnitOfWork } from '../persistence/unit-of-work';
import { Log } from '../telemetry/logger';
import { Metrics } from '../telemetry/metrics';
import { Clock } from '../time/clock';
import type { ServiceDefinition } from './definition';
import { Health } from './health';
import { HealthController } from './health.controller';

/** What is made before Nest: everything that the modules of a service may ask for. */
export interface PlatformParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly keys: ApiKeys;
  readonly clock: Clock;
  readonly database: Database;
  readonly work: UnitOfWork;
}

/** The same with what the service says to the others, and hears from them. */
export interface ConnectedParts extends PlatformParts {
  readonly bus: Bus;
  readonly messaging: Messaging;
}

/** Gives every module the platform's parts, and every route its guard, its validation and its errors. */
@Module({})
export class PlatformModule {
  static of(parts: ConnectedParts, service: ServiceDefinition, controllers: Type[] = []): DynamicModule {
    const shared: Provider[] = [
      { provide: Log, useValue: parts.log },
      { provide: Metrics, useValue: parts.metrics },
      { provide: Health, useValue: parts.health },
      { provide: ApiKeys, useValue: parts.keys },
      { provide: Clock, useValue: parts.clock },
      { provide: Database, useValue: parts.database },
      { provide: UnitOfWork, useValue: parts.work },
      { provide: BUS, useValue: parts.bus },
      { provide: Messaging, useValue: parts.messaging },
    ];
    const guard = (keys: ApiKeys, reflector: Reflector) => new ScopeGuard(keys, reflector, service.name);
    return {
      module: PlatformModule,
      global: true,
      imports: [service.module],
      controllers: [HealthController, DeadLettersController, ResyncController, ...controllers],
      providers: [
        ...shared,
        { provide: APP_GUARD, inject: [ApiKeys, Reflector], useFactory: guard },
        { provide: APP_FILTER, inject: [Log], useFactory: (log: Log) => new ProblemFilter(log) },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
      exports: shared,
    };
  }
}
