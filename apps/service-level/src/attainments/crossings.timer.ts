import type { TimerHandler } from '@underpin/platform/timers/timers';
import { FIGURE_CROSSING, type AttainmentMonitoring } from './attainment-monitoring';

/** At the instant at which an allowance is used up. */
export const crossingTimer = (monitoring: AttainmentMonitoring): TimerHandler => ({
  kind: FIGURE_CROSSING,
  fire: (tx, key) => monitoring.crossed(tx, key),
});
