import { services } from '@underpin/contracts/service-level/service.v1';
import { listens } from '@underpin/platform/messaging/listens';
import type { Measuring } from '../measures/measuring';
import { heardServices } from './services.table';

/** The catalogue tells of a service: figures that waited for it can be opened. */
export const servicesConsumer = (measuring: Measuring) =>
  listens(services, async (tx, event) => {
    if (await tx.hear(heardServices, event)) await measuring.openFor(tx, event.data.id);
  });
