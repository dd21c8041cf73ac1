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

/**
 * Until the end of the transaction, nobody else opens or counts figures of a service. An agreement and its service may be heard at
 * the same moment: without it each would wait for the other, and nobody would open the figures.
 */
export const lockService = (tx: Tx, service: string): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtextextended('service:' || $1, 0))`, [service]);
