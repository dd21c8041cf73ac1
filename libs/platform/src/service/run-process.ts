import 'reflect-metadata';

const GRACE_MS = 10_000;

/** Something that runs until it is stopped. */
interface Running {
  /** Finishes what is in hand. */
  stop(): Promise<void>;
}

/**
 * The life of a process: starts, and stops in order on SIGTERM or SIGINT, within ten seconds. Exit code 0 after an orderly stop, 1
 * otherwise.
 *
 * @param cannotStart says in words why it could not start: goes to standard error
 */
export const runProcess = (start: () => Promise<Running>, cannotStart: (error: Error) => string): void => {
  start()
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
      process.stderr.write(`${cannotStart(error as Error)}\n`);
      process.exit(1);
    });
};
