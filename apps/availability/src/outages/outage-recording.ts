import { Injectable } from '@nestjs/common';
import type { Tx } from '@underpin/platform/persistence/tx';
import type { Changed } from '@underpin/platform/persistence/subject-table';
import { hear, type Outage, type OutageFact, type OutageReport } from './outage';
import { outagesTable, reportRow } from './outages.table';

/** Taking in what is told about outages. */
@Injectable()
export class OutageRecording {
  /** Tell what is known about an outage: again, later, out of order, or more of it. */
  async hear(tx: Tx, report: OutageReport): Promise<Changed<Outage, OutageFact>> {
    await tx.share(INTAKE_BARRIER);
    const outage = await tx.change(outagesTable, report, (known, now) => hear(known, report, now));
    if (!outage.changed) await tx.append('outage_report', [reportRow(outage.state.id, report, tx.clock.now())]);
    tx.worked = true;
    return outage;
  }
}

/**
 * Advisory lock between the intake of reports (shared, from before the recording time is read until the commit) and the closing of
 * a period (exclusive): so "accepted before" is exact.
 */
export const INTAKE_BARRIER = 580_211;
