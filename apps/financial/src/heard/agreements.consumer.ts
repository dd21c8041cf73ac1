import { agreements } from '@underpin/contracts/service-level/agreement.v1';
import { listens } from '@underpin/platform/messaging/listens';
import type { Reckoning } from '../obligations/reckoning';
import { heardAgreements } from './agreements.table';

/** An agreement has come, or come late: its attainments may have waited for its remedy clause. */
export const agreementsConsumer = (reckoning: Reckoning) =>
  listens(agreements, async (tx, event) => {
    if (await tx.hear(heardAgreements, event)) await reckoning.ask(tx, 'agreement', event.data.id);
  });
