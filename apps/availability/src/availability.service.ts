import type { ServiceDefinition } from '@underpin/platform/service/definition';
import { AvailabilityModule } from './availability.module';
import { figuresTable } from './figures/figures.table';
import { OutagesAndFigures1700000001000 } from './migrations/outages-and-figures';
import { outagesTable } from './outages/outages.table';

export const availability: ServiceDefinition = {
  name: 'availability',
  title: 'Underpin: Availability Management',
  description:
    'Outages as they are told become figures: how long a service was down in a period, and when what is promised of it is used up.',
  module: AvailabilityModule,
  migrations: [OutagesAndFigures1700000001000],
  appendOnly: ['outage_report', 'figure_revision'],
  owns: [outagesTable, figuresTable],
};
