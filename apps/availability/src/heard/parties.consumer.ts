import { parties, type PartyV1 } from '@underpin/contracts/service-level/party.v1';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import { listens } from '@underpin/platform/messaging/listens';

export const heardParties = heardTable<PartyV1>({ table: 'heard_party' });

export const partiesConsumer = () => listens(parties, (tx, event) => tx.hear(heardParties, event));
