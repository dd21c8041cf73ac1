import 'reflect-metadata';
import type { ServiceDefinition } from './definition';
import { ConfigProblem } from './config';
import { startService } from './start-service';

const GRACE_MS = 10_000;

/** A service as a process: starts it, and stops it in order on SIGTERM or SIGINT. */
export const runService = (service: ServiceDefinition): void => {
  startService(service)
    .then((running) => {
      let stopping = false;
      const stop = (): void => {
        if (stopping) return;
        stopping = true;
        setTimeout(() => process.exit(1), GRACE_MS).unref();
        running.stop().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      };
      process.once('SIGTERM', stop).once('SIGINT', stop);
    })
    .catch((error: unknown) => {
      const text =
        error instanceof ConfigProblem
          ? error.message
          : `${service.name} cannot start: ${(error as Error).stack ?? String(error)}`;
      process.stderr.write(`${text}\n`);
      process.exit(1);
    });
};
