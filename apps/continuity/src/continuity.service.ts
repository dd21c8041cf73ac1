import type { ServiceDefinition } from '@underpin/platform/service/definition';
import { ContinuityModule } from './continuity.module';
import { Plans1700000001000 } from './migrations/plans';
import { plansTable } from './plans/plans.table';

export const continuity: ServiceDefinition = {
  name: 'continuity',
  title: 'Underpin: IT Service Continuity Management',
  description: 'The register of the plans by which services are brought back after a disaster.',
  module: ContinuityModule,
  migrations: [Plans1700000001000],
  appendOnly: [],
  owns: [plansTable],
};
