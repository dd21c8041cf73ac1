import { Module } from '@nestjs/common';
import { LISTENERS } from '@underpin/platform/messaging/listens';
import { WORKERS } from '@underpin/platform/service/workers';
import { TIMERS } from '@underpin/platform/timers/timers';
import { agreementsConsumer } from './heard/agreements.consumer';
import { attainmentsConsumer } from './heard/attainments.consumer';
import { partiesConsumer } from './heard/parties.consumer';
import { servicesConsumer } from './heard/services.consumer';
import { CreditNoting } from './invoices/credit-noting';
import { DocumentReading } from './invoices/document-reading';
import { InvoicesController } from './invoices/invoices.controller';
import { Invoicing } from './invoices/invoicing';
import { LedgerReading } from './ledger/ledger-reading';
import { LedgerController } from './ledger/ledger.controller';
import { ObligationReading } from './obligations/obligation-reading';
import { ObligationsController } from './obligations/obligations.controller';
import { reckoningWorker } from './obligations/obligations.worker';
import { Reckoning } from './obligations/reckoning';
import { PriceReading } from './prices/price-reading';
import { PricesController } from './prices/prices.controller';
import { Pricing } from './prices/pricing';

/** Prices, obligations, the ledger and its documents. */
@Module({
  controllers: [PricesController, ObligationsController, LedgerController, InvoicesController],
  providers: [
    Pricing,
    PriceReading,
    Reckoning,
    ObligationReading,
    LedgerReading,
    CreditNoting,
    Invoicing,
    DocumentReading,
    {
      provide: LISTENERS,
      useFactory: (reckoning: Reckoning) => [
        servicesConsumer(),
        partiesConsumer(),
        agreementsConsumer(reckoning),
        attainmentsConsumer(reckoning),
      ],
      inject: [Reckoning],
    },
    { provide: WORKERS, useFactory: (reckoning: Reckoning) => [reckoningWorker(reckoning)], inject: [Reckoning] },
    { provide: TIMERS, useValue: [] },
  ],
})
export class FinancialModule {}
