import type { Instant } from '@underpin/kernel/time/instant';
import type { Tx } from '@underpin/platform/persistence/tx';
import type { AgreementKind } from '../agreements/proposal';
import { assess, outcomeOfAssessment } from './assessment';
import type { Case, Clause } from './attainment';
import type { Criteria } from './criteria';
import type { Figure } from './figure';

/** The terms that a figure belongs to: by measure, and by the dates to which it is clipped (as `isFigureOf`). */
const TERMS_OF_FIGURE = `
  from agreement_term t
  where t.measure_id = $1
    and $2::int8 = greatest($4::int8, t.from_at, (select live_since from service where slug = $6))
    and $3::int8 = least($5::int8, t.to_at)`;

const spanOf = ({ measureId, from, to, period, service }: Figure): unknown[] => [
  measureId,
  from,
  to,
  period.from,
  period.to,
  service,
];

/** By what a figure is judged: the different criteria of all agreements that share it. */
export const criteriaFor = async (tx: Tx, figure: Figure): Promise<ReadonlyMap<string, Criteria>> => {
  const rows = await tx.query<{ id: string } & Criteria>(
    `select id, targets, tiers from criteria where id in (select t.criteria ${TERMS_OF_FIGURE})`,
    spanOf(figure),
  );
  return new Map(rows.map(({ id, targets, tiers }) => [id, { targets, tiers }]));
};

interface CaseRow {
  readonly agreement: string;
  readonly kind: AgreementKind;
  readonly service: string;
  readonly provider: string | null;
  readonly recipient: string | null;
  readonly number: number;
  readonly criteria: string;
}

/**
 * The agreements about which this figure says something else than was said last: however many share the measure, those for
 * which nothing changes are not read.
 */
export const casesThatChange = async (
  tx: Tx,
  figure: Figure,
  criteria: ReadonlyMap<string, Criteria>,
  now: Instant,
): Promise<Case[]> => {
  const ids = [...criteria.keys()];
  const outcomes = [...criteria.values()].map((each) => outcomeOfAssessment(assess(each, figure, now)));
  const rows = await tx.query<CaseRow>(
    `with term as materialized (select t.agreement, t.number, t.criteria ${TERMS_OF_FIGURE})
     select g.reference as agreement, g.kind, g.service, g.provider, g.recipient, term.number, term.criteria
     from term
     join unnest($7::text[], $8::text[]) as verdict(criteria, outcome) on verdict.criteria = term.criteria
     left join attainment a on a.agreement = term.agreement and a.from_at = $2
     join agreement g on g.reference = term.agreement
     where a.outcome is distinct from verdict.outcome
     order by term.agreement`,
    [...spanOf(figure), ids, outcomes],
  );
  return rows.map((row) => ({ clause: clauseOf(row), criteria: criteria.get(row.criteria) as Criteria, figure }));
};

const clauseOf = ({ number, criteria: _, ...row }: CaseRow): Clause => ({ ...row, term: number });

/** Figures of a measure are judged side by side; they wait while an agreement joins it, and it waits for them. */
export const judgeBesideOthers = (tx: Tx, measureId: string): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock_shared($1, hashtext($2))', [MEASURE, measureId]);

/** The same without waiting: false while an agreement joins. */
export const isJudgingFree = async (tx: Tx, measureId: string): Promise<boolean> => {
  const [row] = await tx.query<{ free: boolean }>('select pg_try_advisory_xact_lock_shared($1, hashtext($2)) as free', [
    MEASURE,
    measureId,
  ]);
  return row?.free === true;
};

/** An agreement joins a measure: either it sees a figure, or whoever takes in the figure sees it. */
export const joinMeasure = (tx: Tx, measureId: string): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [MEASURE, measureId]);

/** First half of the advisory locks on measures. */
const MEASURE = 770_431;
