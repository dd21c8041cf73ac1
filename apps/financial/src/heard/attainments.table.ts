import type { AttainmentV1 } from '@underpin/contracts/service-level/attainment.v1';
import { instantOf } from '@underpin/kernel/time/instant';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import type { Attained } from '../obligations/owed';

export const heardAttainments = heardTable<AttainmentV1>({
  table: 'heard_attainment',
  columns: (data) => ({
    agreement: data.agreement,
    from_at: instantOf(data.from),
    service: data.service,
    party: partyOf(data),
  }),
});

/** Whom the money goes to or comes from; null: nobody outside, so nothing is owed. */
const partyOf = ({ kind, provider, recipient }: AttainmentV1): string | null => (kind === 'SLA' ? recipient : provider);

/** Attainments by id, as far as money goes. Those without a party owe nothing and are left out. */
export const attainedOf = async (tx: Tx, ids: readonly string[]): Promise<Attained[]> => {
  const rows = await tx.query<{ data: AttainmentV1 }>(
    'select data from heard_attainment where key = any($1) and party is not null',
    [ids],
  );
  return rows.map(({ data }) => attainedFrom(data));
};

export const attainedFrom = (data: AttainmentV1): Attained => ({
  id: data.id,
  agreement: data.agreement,
  service: data.service,
  direction: data.kind === 'SLA' ? 'credit' : 'claim',
  party: partyOf(data) ?? '',
  from: instantOf(data.from),
  to: instantOf(data.to),
  zone: data.period.zone,
  term: data.term,
  // What comes after a close is shown and moves no money.
  revision: data.closed?.revision ?? data.revision,
  closed: data.status === 'closed',
  targets: data.targets.map(({ key, tier }) => ({ key, credit: tier?.credit ?? null })),
});
