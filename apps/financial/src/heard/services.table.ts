import type { ServiceV1 } from '@underpin/contracts/service-level/service.v1';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import type { Tx } from '@underpin/platform/persistence/tx';

export const heardServices = heardTable<ServiceV1>({ table: 'heard_service' });

/** Names of services for people; a service that was not heard of keeps its slug. */
export const serviceNames = async (tx: Tx, services: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await tx.query<{ key: string; name: string }>(
    `select key, data ->> 'name' as name from heard_service where key = any($1)`,
    [services],
  );
  return new Map(rows.map(({ key, name }) => [key, name]));
};
