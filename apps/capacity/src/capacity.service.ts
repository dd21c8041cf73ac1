import type { ServiceDefinition } from '@underpin/platform/service/definition';
import { CapacityModule } from './capacity.module';
import { Resources1700000001000 } from './migrations/resources';
import { resourcesTable } from './resources/resources.table';

export const capacity: ServiceDefinition = {
  name: 'capacity',
  title: 'Underpin: Capacity Management',
  description: 'The register of the resources that services need and that can run short.',
  module: CapacityModule,
  migrations: [Resources1700000001000],
  appendOnly: [],
  owns: [resourcesTable],
};
