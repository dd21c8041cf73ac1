/**
 * What one machine runs, in one table: everything else in this folder (ports, databases, migrations, processes, addresses) is read from it.
 */
export interface ServiceEntry {
  readonly name: string;
  readonly title: string;
  /** Its port is the gateway's plus this. */
  readonly offset: number;
}

export const services: readonly ServiceEntry[] = [
  { name: 'service-level', title: 'Service Level Management', offset: 1 },
  { name: 'availability', title: 'Availability Management', offset: 2 },
  { name: 'capacity', title: 'Capacity Management', offset: 3 },
  { name: 'continuity', title: 'IT Service Continuity Management', offset: 4 },
  { name: 'financial', title: 'Financial Management', offset: 5 },
];

export const GATEWAY = 'gateway';
export const POSTGRES = 'postgres';
export const POSTGRES_OFFSET = 10;
export const BUS_DATABASE = 'underpin_bus';

/** Everything listens here and nowhere else. */
export const HOST = '127.0.0.1';

/** `service-level` → `underpin_service_level`. */
export const databaseOf = (service: string): string => `underpin_${service.replaceAll('-', '_')}`;

/** The role that owns a database's tables and migrates them. */
export const ownerOf = (database: string): string => `${database}_owner`;

/** The role that a running service has in its database: it may read and write rows, and change no table. */
export const appOf = (database: string): string => `${database}_app`;

export const serviceDatabases: readonly string[] = services.map(({ name }) => databaseOf(name));

/** The running roles of all services: each enters its own database and the bus. */
export const appRoles: readonly string[] = serviceDatabases.map(appOf);
