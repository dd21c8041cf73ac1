import 'reflect-metadata';
import { ConfigProblem } from '@underpin/platform/service/config';
import { readGatewayConfig } from './config';
import { startGateway } from './gateway';

const GRACE_MS = 10_000;

const main = async (): Promise<void> => {
  const gateway = await startGateway(readGatewayConfig(process.env));
  const stop = (): void => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    void gateway.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
};

main().catch((error: unknown) => {
  const { message, stack } = error as Error;
  process.stderr.write(`gateway: ${error instanceof ConfigProblem ? message : (stack ?? message)}\n`);
  process.exit(1);
});
