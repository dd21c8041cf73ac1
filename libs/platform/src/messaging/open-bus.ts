import type { ServiceConfig } from '../service/config';
import type { Bus } from './bus';
import { KafkaBus } from './kafka-bus';
import { PostgresLog } from './postgres-log';

/** The bus that the configuration names. */
export const openBus = (config: ServiceConfig['bus'], process: string): Bus =>
  config.kind === 'kafka'
    ? new KafkaBus({ brokers: config.brokers, clientId: process })
    : new PostgresLog({ url: config.databaseUrl, applicationName: process });
