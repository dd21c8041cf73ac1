import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ProblemFilter } from '@underpin/platform/http/problem.filter';
import { Health } from '@underpin/platform/service/health';
import { HealthController } from '@underpin/platform/service/health.controller';
import { Log } from '@underpin/platform/telemetry/logger';
import { Metrics } from '@underpin/platform/telemetry/metrics';

/** What the gateway answers by itself: whether it lives, whether it is ready, and its numbers. */
@Module({})
export class GatewayModule {
  static of(log: Log, metrics: Metrics, health: Health): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [HealthController],
      providers: [
        { provide: Metrics, useValue: metrics },
        { provide: Health, useValue: health },
        { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      ],
    };
  }
}
