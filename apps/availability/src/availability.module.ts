import { Module } from '@nestjs/common';
import { agreements } from '@underpin/contracts/service-level/agreement.v1';
import { outageReports } from '@underpin/contracts/intake/outage-reported.v1';
import { parties } from '@underpin/contracts/service-level/party.v1';
import { services } from '@underpin/contracts/service-level/service.v1';
import type { Bus } from '@underpin/platform/messaging/bus';
import { BUS } from '@underpin/platform/messaging/bus-token';
import { LISTENERS } from '@underpin/platform/messaging/listens';
import { WORKERS } from '@underpin/platform/service/workers';
import { TIMERS } from '@underpin/platform/timers/timers';
import { Closing } from './figures/closing';
import { FigureExplaining } from './figures/figure-explaining';
import { FigureLookup } from './figures/figure-lookup';
import { FiguresController } from './figures/figures.controller';
import { Recounting } from './figures/recounting';
import { partiesConsumer } from './heard/parties.consumer';
import { servicesConsumer } from './heard/services.consumer';
import { agreementsConsumer } from './measures/agreements.consumer';
import { Measuring } from './measures/measuring';
import { cutoffTimer, openingTimer } from './measures/measuring.timers';
import { OutageIntake } from './outages/outage-intake';
import { OutageReading } from './outages/outage-reading';
import { OutageRecording } from './outages/outage-recording';
import { outageReportsConsumer } from './outages/outages.consumer';
import { OutagesController } from './outages/outages.controller';

/** What availability reads: unread at a cutoff, it is waited for. */
const heardTopics = [outageReports, services, parties, agreements].map((subject) => subject.topic);

@Module({
  controllers: [OutagesController, FiguresController],
  providers: [
    // outages: what is told, and what is believed
    OutageRecording,
    OutageIntake,
    OutageReading,
    // measures: what agreements ask to be measured
    Measuring,
    // figures: how much was down, when a promise is used up, closing
    Recounting,
    {
      provide: Closing,
      inject: [Recounting, BUS],
      useFactory: (recounting: Recounting, bus: Bus) => new Closing(recounting, bus, heardTopics, 'availability'),
    },
    FigureLookup,
    FigureExplaining,
    // doors for events, due times and work of our own
    {
      provide: LISTENERS,
      inject: [OutageRecording, Measuring],
      useFactory: (recording: OutageRecording, measuring: Measuring) => [
        outageReportsConsumer(recording),
        servicesConsumer(measuring),
        partiesConsumer(),
        agreementsConsumer(measuring),
      ],
    },
    {
      provide: TIMERS,
      inject: [Measuring, Closing],
      useFactory: (measuring: Measuring, closing: Closing) => [openingTimer(measuring), cutoffTimer(closing)],
    },
    {
      provide: WORKERS,
      inject: [Recounting, Closing],
      useFactory: (recounting: Recounting, closing: Closing) => [
        { name: 'recounting', turn: recounting.turn.bind(recounting) },
        { name: 'closing', turn: closing.turn.bind(closing) },
      ],
    },
  ],
})
export class AvailabilityModule {}
