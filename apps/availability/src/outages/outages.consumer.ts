import { outageReports } from '@underpin/contracts/intake/outage-reported.v1';
import { listens } from '@underpin/platform/messaging/listens';
import type { OutageRecording } from './outage-recording';
import { reportOf } from './outage-report';

/** What systems publish about outages: the same words as at the REST door, into the same use case. */
export const outageReportsConsumer = (recording: OutageRecording) =>
  listens(outageReports, (tx, { data }) => recording.hear(tx, reportOf(data)));
