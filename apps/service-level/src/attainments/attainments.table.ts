import type { PeriodKind } from '@underpin/kernel/time/period';
import { int, intOrNull, type Row } from '@underpin/platform/persistence/row';
import { subjectTable } from '@underpin/platform/persistence/subject-table';
import type { AgreementKind } from '../agreements/proposal';
import { outcomeOf } from './assessment';
import {
  unopened,
  type Attainment,
  type AttainmentFact,
  type AttainmentKey,
  type Judged,
  type TargetAttainment,
} from './attainment';
import { attainmentPublication } from './attainments.publications';

export const attainmentsTable = subjectTable<AttainmentKey, Attainment, AttainmentFact>({
  table: 'attainment',
  keyColumns: ['agreement', 'from_at'],
  toKey: ({ agreement, from }) => ({ agreement, from_at: from }),
  toRow: ({ revision, judged }) => ({ revision, ...(judged === null ? {} : judgedRow(judged)) }),
  fromRow: (row) => attainmentOf(row),
  unheardOf: unopened,
  also: ({ after, facts, now }) => [
    {
      table: 'attainment_revision',
      rows: facts.length === 0 ? [] : [revisionRow(after, facts, now)],
    },
  ],
  publication: attainmentPublication,
});

const judgedRow = (judged: Judged): Row => ({
  to_at: judged.to,
  kind: judged.clause.kind,
  service: judged.clause.service,
  provider: judged.clause.provider,
  recipient: judged.clause.recipient,
  term: judged.clause.term,
  period: judged.period,
  status: judged.status,
  state: judged.targets[0]?.state,
  targets: judged.targets,
  figure_id: judged.targets[0]?.figure.id,
  closed: judged.closed,
  restatement_pending: judged.restatementPending,
  as_of: judged.asOf,
  outcome: outcomeOf(judged),
});

/** What was said, and why: what a journal cites can be read again. */
const revisionRow = (
  { agreement, from, revision, judged }: Attainment,
  facts: readonly AttainmentFact[],
  now: number,
): Row => ({
  agreement,
  from_at: from,
  revision,
  recorded_at: now,
  facts: facts.map((fact) => fact.type).join(' '),
  status: judged?.status,
  targets: judged?.targets,
  restatement_pending: judged?.restatementPending,
});

export const attainmentOf = (row: Row): Attainment => {
  const agreement = row['agreement'] as string;
  return {
    agreement,
    from: int(row['from_at']),
    revision: row['revision'] as number,
    judged: {
      clause: {
        agreement,
        kind: row['kind'] as AgreementKind,
        service: row['service'] as string,
        provider: row['provider'] as string | null,
        recipient: row['recipient'] as string | null,
        term: row['term'] as number,
      },
      period: row['period'] as Judged['period'] & { kind: PeriodKind },
      to: int(row['to_at']),
      status: row['status'] as Judged['status'],
      targets: (row['targets'] as TargetRow[]).map(targetOf),
      closed: row['closed'] as Judged['closed'],
      restatementPending: row['restatement_pending'] as boolean,
      asOf: intOrNull(row['as_of']) ?? 0,
    },
  };
};

/** As JSON keeps it: bp·ms as decimal text. */
export type TargetRow = Omit<TargetAttainment, 'usedBpMs'> & { readonly usedBpMs: string };

export const targetOf = (row: TargetRow): TargetAttainment => ({ ...row, usedBpMs: BigInt(row.usedBpMs) });
