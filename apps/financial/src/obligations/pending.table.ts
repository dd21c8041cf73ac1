import type { Tx } from '@underpin/platform/persistence/tx';

/** What has changed: one attainment, the clause of an agreement, or the price of a service for a party. */
export type PendingScope = 'attainment' | 'agreement' | 'price';

/**
 * Says, in the transaction of a change, that something is to be reckoned again. Inserted, never updated: a burst of changes is
 * one reckoning, and nobody waits for a lock.
 */
export const keepPending = (tx: Tx, scope: PendingScope, key: string): Promise<unknown> =>
  tx.query('insert into pending_reckoning (scope, key) values ($1, $2)', [scope, key]);

/**
 * True for one transaction at a time, over all replicas. So whoever reckons sees everything that was committed before what is
 * pending, and nothing that he has read can be overtaken by another who reckons the same.
 */
export const isAlone = async (tx: Tx): Promise<boolean> =>
  (await tx.query<{ alone: boolean }>('select pg_try_advisory_xact_lock($1) as alone', [RECKONING]))[0]?.alone === true;

const RECKONING = 580_311;

/** Turns changes of agreements and prices into the attainments that they concern and that are not final. True if there were any. */
export const spreadPending = async (tx: Tx, most: number): Promise<boolean> => {
  const spread = await tx.query(
    `with taken as (
       delete from pending_reckoning where id in
         (select id from pending_reckoning where scope <> 'attainment' order by id limit $1) returning scope, key),
     concerned as (
       select a.key from taken t join heard_attainment a on a.agreement = t.key
         where t.scope = 'agreement' and not exists (select 1 from obligation o where o.agreement = a.agreement and o.from_at = a.from_at and o.final)
       union
       select a.key from taken t join heard_attainment a on a.service = split_part(t.key, '/', 1) and a.party = split_part(t.key, '/', 2)
         where t.scope = 'price' and not exists (select 1 from obligation o where o.agreement = a.agreement and o.from_at = a.from_at and o.final)),
     kept as (insert into pending_reckoning (scope, key) select 'attainment', key from concerned order by key)
     select count(*) from taken having count(*) > 0`,
    [most],
  );
  return spread.length > 0;
};

/** Takes attainments that are to be reckoned, the oldest first; each of them once. */
export const takePending = async (tx: Tx, most: number): Promise<string[]> => {
  const taken = await tx.query<{ key: string }>(
    `with taken as (
       delete from pending_reckoning where id in
         (select id from pending_reckoning where scope = 'attainment' order by id limit $1) returning key)
     select distinct key from taken order by key`,
    [most],
  );
  return taken.map(({ key }) => key);
};
