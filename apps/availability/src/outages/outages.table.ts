import { intOrNull, type Row } from '@underpin/platform/persistence/row';
import { subjectTable } from '@underpin/platform/persistence/subject-table';
import type { Instant } from '@underpin/kernel/time/instant';
import { v7 as uuidv7 } from 'uuid';
import {
  claimOf,
  endOf,
  measuredSpan,
  startOf,
  stateOf,
  weightOf,
  type Outage,
  type OutageFact,
  type OutageReport,
} from './outage';
import { outagePublication } from './outages.publications';

export interface OutageKey {
  readonly source: string;
  readonly externalId: string;
}

export const outagesTable = subjectTable<OutageKey, Outage, OutageFact>({
  table: 'outage',
  keyColumns: ['source', 'external_id'],
  toKey: ({ source, externalId }) => ({ source, external_id: externalId }),
  toRow: (outage) => ({
    id: outage.id,
    beliefs: outage.beliefs,
    service: claimOf(outage, 'service'),
    party: claimOf(outage, 'party'),
    starts: startOf(outage),
    ends: endOf(outage),
    weight_bp: weightOf(outage),
    state: stateOf(outage),
  }),
  fromRow: (row) => ({
    id: row['id'] as string,
    source: row['source'] as string,
    externalId: row['external_id'] as string,
    beliefs: row['beliefs'] as Outage['beliefs'],
  }),
  unheardOf: ({ source, externalId }) => ({ id: uuidv7(), source, externalId, beliefs: {} }),
  also: ({ before, after, facts, now }) => [
    { table: 'outage_report', rows: facts.map(({ report }) => reportRow(after.id, report, now)) },
    { table: 'pending_recount', rows: facts.some((f) => f.type !== 'confirmed') ? pendingRows(before, after) : [] },
  ],
  publication: outagePublication,
});

/** One telling as it was told: append only. */
export const reportRow = (outageId: string, report: OutageReport, recordedAt: Instant): Row => ({
  outage_id: outageId,
  id: report.order.id,
  sequence: report.order.sequence,
  told_at: report.order.toldAt,
  recorded_at: recordedAt,
  says: report.says,
});

/** What has to be measured again: where the outage was counted, and where it is counted now. */
const pendingRows = (before: Outage, after: Outage): Row[] => {
  const [old, now] = [measuredSpan(before), measuredSpan(after)];
  const spans =
    old !== null && now !== null && old.service === now.service
      ? [hull(old, now)]
      : [old, now].filter((s) => s !== null);
  return spans.map(({ service, start, end }) => ({
    service,
    starts: start,
    ends: end,
    outage_id: after.id,
    measure_id: null,
  }));
};

type Span = NonNullable<ReturnType<typeof measuredSpan>>;

const hull = (a: Span, b: Span): Span => ({
  service: a.service,
  start: Math.min(a.start, b.start),
  end: a.end === null || b.end === null ? null : Math.max(a.end, b.end),
});

/** An outage with what its row knows beyond it, for reads. */
export interface OutageRecord {
  readonly outage: Outage;
  readonly version: number;
  readonly recordedAt: Instant;
  /** Whether the catalogue's service of that name has been heard of here. */
  readonly serviceKnown: boolean;
}

export const outageRecordOf = (row: Row): OutageRecord => ({
  outage: outagesTable.fromRow(row),
  version: Number(row['version']),
  recordedAt: intOrNull(row['recorded_at']) ?? 0,
  serviceKnown: row['service_known'] === true,
});

export const OUTAGE_READ = `select o.*, exists (select 1 from heard_service s where s.key = o.service) as service_known from outage o`;
