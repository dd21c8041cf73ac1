import { ConfigProblem } from '@underpin/platform/service/config';
import { runProcess } from '@underpin/platform/service/run-process';
import { readGatewayConfig } from './config';
import { startGateway } from './gateway';

runProcess(
  async () => startGateway(readGatewayConfig(process.env)),
  (error) => `gateway: ${error instanceof ConfigProblem ? error.message : (error.stack ?? error.message)}`,
);
