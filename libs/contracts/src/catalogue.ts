import { figures } from './availability/figure.v1';
import { outages } from './availability/outage.v1';
import { resources } from './capacity/resource.v1';
import { plans } from './continuity/plan.v1';
import { invoices } from './financial/invoice.v1';
import { obligations } from './financial/obligation.v1';
import { prices } from './financial/price.v1';
import { outageReports } from './intake/outage-reported.v1';
import { clocks } from './platform/clock.v1';
import { agreements } from './service-level/agreement.v1';
import { attainments } from './service-level/attainment.v1';
import { parties } from './service-level/party.v1';
import { services } from './service-level/service.v1';
import type { Subject } from './subject';

/** Everything that is told between the services, and to them. */
export const catalogue = [
  services,
  parties,
  agreements,
  attainments,
  outages,
  figures,
  resources,
  plans,
  prices,
  obligations,
  invoices,
  outageReports,
  clocks,
] as unknown as readonly Subject<unknown>[];
