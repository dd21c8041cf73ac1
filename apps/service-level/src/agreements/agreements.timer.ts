import type { TimerHandler } from '@underpin/platform/timers/timers';
import { AGREEMENT_STEP, type Agreeing } from './agreeing';

/** At the dates of an agreement: it comes into force, it ends. */
export const agreementTimer = (agreeing: Agreeing): TimerHandler => ({
  kind: AGREEMENT_STEP,
  fire: async (tx, key) => void (await agreeing.progress(tx, key)),
});
