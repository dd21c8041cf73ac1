import { figures } from '@underpin/contracts/availability/figure.v1';
import { listens } from '@underpin/platform/messaging/listens';
import type { AttainmentMonitoring } from './attainment-monitoring';

/** What Availability has measured. */
export const figuresConsumer = (monitoring: AttainmentMonitoring) =>
  listens(figures, (tx, event) => monitoring.hear(tx, event));
