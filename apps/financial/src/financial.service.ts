import type { ServiceDefinition } from '@underpin/platform/service/definition';
import { FinancialModule } from './financial.module';
import { documentsTable } from './invoices/documents.table';
import { PricesAndLedger1700000005000 } from './migrations/prices-and-ledger';
import { obligationsTable } from './obligations/obligations.table';
import { pricesTable } from './prices/prices.table';

export const financial: ServiceDefinition = {
  name: 'financial',
  title: 'Underpin: Financial Management for IT Services',
  description: 'Prices, what missed targets cost, a double-entry ledger that only grows, credit notes and invoices.',
  module: FinancialModule,
  migrations: [PricesAndLedger1700000005000],
  appendOnly: ['journal', 'entry', 'credit_application', 'invoiced_days'],
  owns: [pricesTable, obligationsTable, documentsTable],
};
