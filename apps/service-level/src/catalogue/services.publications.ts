import { services, type ServiceV1 } from '@underpin/contracts/service-level/service.v1';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { statusOf, unknownService, type Service, type ServiceFact } from './service';

type Reason = (typeof services.reasons)[number];

/** That somebody was promised something of a service is told by the agreement, not by the service. */
const telling = ([fact]: readonly ServiceFact[], { description }: Service): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'promised':
      return null;
    case 'live':
      return { reason: 'service-live', time: description?.liveSince ?? fact.at };
    case 'proposed':
    case 'changed':
    case 'retired':
      return { reason: `service-${fact.type}`, time: fact.at };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = (service: Service, { version, recordedAt }: RowVersion): ServiceV1 => {
  const { description, slug } = service;
  if (description === null) throw unknownService(slug);
  return {
    id: slug,
    version,
    recordedAt: iso(recordedAt),
    status: statusOf(service),
    name: description.name,
    owner: description.owner,
    criticality: description.criticality,
    vitalBusinessFunctions: description.vitalBusinessFunctions,
    users: description.users,
    dependsOn: description.dependsOn,
    liveSince: isoOrNull(description.liveSince),
  };
};

const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : iso(instant));

export const servicePublication: Publication<Service, ServiceFact, ServiceV1, Reason> = {
  subject: services,
  telling,
  snapshot,
};
