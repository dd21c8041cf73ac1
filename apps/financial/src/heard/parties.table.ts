import type { PartyV1 } from '@underpin/contracts/service-level/party.v1';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import type { Tx } from '@underpin/platform/persistence/tx';

export const heardParties = heardTable<PartyV1>({ table: 'heard_party', columns: ({ kind }) => ({ kind }) });

/** What kind of party it is; undefined: not heard of (yet). */
export const kindOf = async (tx: Tx, party: string): Promise<PartyV1['kind'] | undefined> =>
  (await tx.query<{ kind: PartyV1['kind'] }>('select kind from heard_party where key = $1', [party]))[0]?.kind;
