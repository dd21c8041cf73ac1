import type { Database } from '@underpin/platform/persistence/database';
import { int, type Row } from '@underpin/platform/persistence/row';
import { subjectTable, type RowVersion } from '@underpin/platform/persistence/subject-table';
import { unknownPlan, type ApprovedPlan, type Plan, type PlanFact } from './plan';
import { planPublication } from './plans.publications';

export const plansTable = subjectTable<string, Plan, PlanFact>({
  table: 'plan',
  keyColumns: ['slug'],
  toKey: (slug) => ({ slug }),
  toRow: ({ approved }) => ({
    name: approved?.name,
    status: approved?.status,
    services: approved?.services,
    rto: approved?.rto,
    rpo: approved?.rpo,
    option: approved?.option,
    owner: approved?.owner,
    approved_at: approved?.approvedAt,
  }),
  fromRow: (row) => ({
    slug: row['slug'] as string,
    approved: {
      name: row['name'] as string,
      status: row['status'] as ApprovedPlan['status'],
      services: row['services'] as string[],
      rto: row['rto'] as string,
      rpo: row['rpo'] as string,
      option: row['option'] as ApprovedPlan['option'],
      owner: row['owner'] as string | null,
      approvedAt: int(row['approved_at']),
    },
  }),
  unheardOf: (slug) => ({ slug, approved: null }),
  publication: planPublication,
});

/** A plan with what its row knows beyond it. */
export interface PlanRecord extends RowVersion {
  readonly state: Plan;
}

export interface PlanQuery {
  /** Plans that bring this service back. */
  readonly service?: string;
  /** The slug of the last one that is known already. */
  readonly after?: string;
  readonly limit: number;
}

export const listPlans = async (database: Database, { service, after, limit }: PlanQuery): Promise<PlanRecord[]> => {
  const rows = await database.query(
    `select * from plan
     where ($1::text is null or $1 = any(services)) and ($2::text is null or slug > $2)
     order by slug limit $3`,
    [service ?? null, after ?? null, limit],
  );
  return rows.map(recordOf);
};

/** @throws DomainError not-found `plan.unknown` */
export const findPlan = async (database: Database, slug: string): Promise<PlanRecord> => {
  const [row] = await database.query('select * from plan where slug = $1', [slug]);
  if (row === undefined) throw unknownPlan(slug);
  return recordOf(row);
};

const recordOf = (row: Row): PlanRecord => ({
  state: plansTable.fromRow(row),
  version: int(row['version']),
  recordedAt: int(row['recorded_at']),
});
