import { intOrNull } from '@underpin/platform/persistence/row';
import { subjectTable } from '@underpin/platform/persistence/subject-table';
import { unregistered, type Service, type ServiceDescription, type ServiceFact } from './service';
import { servicePublication } from './services.publications';

export const servicesTable = subjectTable<string, Service, ServiceFact>({
  table: 'service',
  keyColumns: ['slug'],
  toKey: (slug) => ({ slug }),
  toRow: ({ description, promisedSince, retiredAt }) => ({
    name: description?.name,
    owner: description?.owner,
    criticality: description?.criticality,
    vital_business_functions: description?.vitalBusinessFunctions,
    users: description?.users,
    depends_on: description?.dependsOn,
    live_since: description?.liveSince,
    promised_since: promisedSince,
    retired_at: retiredAt,
  }),
  fromRow: (row) => ({
    slug: row['slug'] as string,
    description: {
      name: row['name'] as string,
      owner: row['owner'] as string | null,
      criticality: row['criticality'] as ServiceDescription['criticality'],
      vitalBusinessFunctions: row['vital_business_functions'] as string[],
      users: intOrNull(row['users']),
      dependsOn: row['depends_on'] as string[],
      liveSince: intOrNull(row['live_since']),
    },
    promisedSince: intOrNull(row['promised_since']),
    retiredAt: intOrNull(row['retired_at']),
  }),
  unheardOf: unregistered,
  publication: servicePublication,
});
