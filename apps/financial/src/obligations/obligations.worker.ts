import type { Worker } from '@underpin/platform/service/workers';
import type { Reckoning } from './reckoning';

/** Reckons what is pending, a transaction at a time. */
export const reckoningWorker = (reckoning: Reckoning): Worker => ({
  name: 'Reckoning.reckonPending',
  turn: (tx) => reckoning.reckonPending(tx),
});
