import { ConfigProblem } from './config';
import type { ServiceDefinition } from './definition';
import { runProcess } from './run-process';
import { startService } from './start-service';

/** A service as a process of its own. */
export const runService = (service: ServiceDefinition): void =>
  runProcess(
    () => startService(service),
    (error) =>
      error instanceof ConfigProblem ? error.message : `${service.name} cannot start: ${error.stack ?? String(error)}`,
  );
