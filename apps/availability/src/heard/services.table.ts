import { instantOf, type Instant } from '@underpin/kernel/time/instant';
import type { ServiceV1 } from '@underpin/contracts/service-level/service.v1';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import type { Tx } from '@underpin/platform/persistence/tx';

/** The catalogue's services, as Service Level last told them. */
export const heardServices = heardTable<ServiceV1>({ table: 'heard_service' });

/** Since when a service is live; null: not heard of yet, or not live. */
export const liveSinceOf = async (tx: Tx, service: string): Promise<Instant | null> => {
  const [row] = await tx.query<{ live_since: string | null }>(
    `select data ->> 'liveSince' as live_since from heard_service where key = $1`,
    [service],
  );
  return row?.live_since == null ? null : instantOf(row.live_since);
};

/** Whether the catalogue has told of a service of that name. */
export const isServiceKnown = async (tx: Tx, service: string): Promise<boolean> =>
  (await tx.query('select 1 from heard_service where key = $1', [service])).length > 0;
