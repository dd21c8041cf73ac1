import type { ServiceDefinition } from '@underpin/platform/service/definition';
import { agreementsTable } from './agreements/agreements.table';
import { attainmentsTable } from './attainments/attainments.table';
import { servicesTable } from './catalogue/services.table';
import { AgreementsAndAttainments1700000001000 } from './migrations/agreements-and-attainments';
import { partiesTable } from './parties/parties.table';
import { ServiceLevelModule } from './service-level.module';

export const serviceLevel: ServiceDefinition = {
  name: 'service-level',
  keepsClock: true,
  title: 'Underpin: Service Level Management',
  description:
    'The service catalogue, the parties, what is promised to whom, and whether it is kept: declared while a period runs, closed behind it.',
  module: ServiceLevelModule,
  migrations: [AgreementsAndAttainments1700000001000],
  appendOnly: ['criteria', 'agreement_term', 'attainment_revision'],
  owns: [servicesTable, partiesTable, agreementsTable, attainmentsTable],
};
