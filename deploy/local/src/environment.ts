import { join } from 'node:path';
import type { Bus } from './bus';
import type { DataDir } from './data-dir';
import { urlFor } from './postgres/server';
import { portOf, type Ports } from './ports';
import type { Passwords } from './secrets';
import { appOf, appRoles, BUS_DATABASE, databaseOf, HOST, ownerOf, POSTGRES, services } from './topology';

/** What the environment of each process is made from. */
export interface Installation {
  readonly dir: DataDir;
  readonly ports: Ports;
  readonly passwords: Passwords;
  readonly bus: Bus;
}

export const addressOf = (ports: Ports, name: string): string => `http://${HOST}:${portOf(ports, name)}`;

/** What a running service needs; what the caller's environment says besides (log level, steered clock of a test) is passed on. */
export function serviceEnvironment({ dir, ports, passwords, bus }: Installation, service: string): NodeJS.ProcessEnv {
  const database = databaseOf(service);
  const role = appOf(database);
  const postgres = portOf(ports, POSTGRES);
  return {
    ...process.env,
    UNDERPIN_HOST: HOST,
    UNDERPIN_PORT: String(portOf(ports, service)),
    UNDERPIN_DATABASE_URL: urlFor(role, database, postgres, passwords),
    UNDERPIN_BUS: bus.kind,
    ...(bus.kind === 'kafka'
      ? { UNDERPIN_KAFKA_BROKERS: bus.brokers }
      : { UNDERPIN_BUS_DATABASE_URL: urlFor(role, BUS_DATABASE, postgres, passwords) }),
    UNDERPIN_API_KEYS_FILE: dir.keys,
    // A restarted process keeps its name, and with it its leases on the bus.
    UNDERPIN_MEMBER: `${service}-1`,
  };
}

export const gatewayEnvironment = ({ dir, ports }: Installation, gateway: string): NodeJS.ProcessEnv => ({
  ...process.env,
  UNDERPIN_HOST: HOST,
  UNDERPIN_PORT: String(portOf(ports, gateway)),
  UNDERPIN_SERVICES: services.map(({ name }) => `${name}=${addressOf(ports, name)}`).join(','),
  UNDERPIN_API_KEYS_FILE: dir.keys,
});

/** A migration runs as the owner, and grants to the running role that the second URL names. */
export function migrationEnvironment({ ports, passwords }: Installation, service: string): NodeJS.ProcessEnv {
  const database = databaseOf(service);
  const postgres = portOf(ports, POSTGRES);
  return {
    ...process.env,
    UNDERPIN_DATABASE_OWNER_URL: urlFor(ownerOf(database), database, postgres, passwords),
    UNDERPIN_DATABASE_URL: urlFor(appOf(database), database, postgres, passwords),
  };
}

/** The same for the bus, which all services enter; at a Kafka it is the topics that are made. */
export const busMigrationEnvironment = ({ ports, passwords, bus }: Installation): NodeJS.ProcessEnv => ({
  ...process.env,
  UNDERPIN_BUS: bus.kind,
  ...(bus.kind === 'kafka'
    ? { UNDERPIN_KAFKA_BROKERS: bus.brokers }
    : {
        UNDERPIN_BUS_DATABASE_OWNER_URL: urlFor(
          ownerOf(BUS_DATABASE),
          BUS_DATABASE,
          portOf(ports, POSTGRES),
          passwords,
        ),
        UNDERPIN_BUS_APP_ROLES: appRoles.join(','),
      }),
});

export const logOf = (dir: DataDir, name: string): string => join(dir.logs, `${name}.log`);
