import { services } from '@underpin/contracts/service-level/service.v1';
import { listens } from '@underpin/platform/messaging/listens';
import { heardServices } from './services.table';

/** Services are kept for their names on invoices. */
export const servicesConsumer = () => listens(services, (tx, event) => tx.hear(heardServices, event));
