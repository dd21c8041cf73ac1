import { Module } from '@nestjs/common';
import { LISTENERS } from '@underpin/platform/messaging/listens';
import { TIMERS } from '@underpin/platform/timers/timers';
import { Agreeing } from './agreements/agreeing';
import { AgreementReading } from './agreements/agreement-reading';
import { AgreementsController } from './agreements/agreements.controller';
import { agreementTimer } from './agreements/agreements.timer';
import { AttainmentMonitoring } from './attainments/attainment-monitoring';
import { AttainmentReading } from './attainments/attainment-reading';
import { AttainmentsController } from './attainments/attainments.controller';
import { crossingTimer } from './attainments/crossings.timer';
import { figuresConsumer } from './attainments/figures.consumer';
import { Cataloguing } from './catalogue/cataloguing';
import { ServiceReading } from './catalogue/service-reading';
import { ServicesController } from './catalogue/services.controller';
import { PartiesController } from './parties/parties.controller';
import { PartyReading } from './parties/party-reading';
import { Registering } from './parties/registering';

@Module({
  controllers: [ServicesController, PartiesController, AgreementsController, AttainmentsController],
  providers: [
    // catalogue: what is offered
    Cataloguing,
    ServiceReading,
    // parties: with whom
    Registering,
    PartyReading,
    // agreements: what is promised
    Agreeing,
    AgreementReading,
    // attainments: whether it is kept
    AttainmentMonitoring,
    AttainmentReading,
    // doors for events and due times
    {
      provide: LISTENERS,
      inject: [AttainmentMonitoring],
      useFactory: (monitoring: AttainmentMonitoring) => [figuresConsumer(monitoring)],
    },
    {
      provide: TIMERS,
      inject: [Agreeing, AttainmentMonitoring],
      useFactory: (agreeing: Agreeing, monitoring: AttainmentMonitoring) => [
        agreementTimer(agreeing),
        crossingTimer(monitoring),
      ],
    },
  ],
})
export class ServiceLevelModule {}
