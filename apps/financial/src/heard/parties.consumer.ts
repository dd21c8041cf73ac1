import { parties } from '@underpin/contracts/service-level/party.v1';
import { listens } from '@underpin/platform/messaging/listens';
import { heardParties } from './parties.table';

/** Parties are kept to tell customers, who get invoices, from suppliers. */
export const partiesConsumer = () => listens(parties, (tx, event) => tx.hear(heardParties, event));
