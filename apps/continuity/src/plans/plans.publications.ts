import { plans, type PlanV1 } from '@underpin/contracts/continuity/plan.v1';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { unknownPlan, type Plan, type PlanFact } from './plan';

type Reason = (typeof plans.reasons)[number];

const telling = ([fact]: readonly PlanFact[]): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'approved':
    case 'retired':
      return { reason: `plan-${fact.type}`, time: fact.at };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = ({ slug, approved }: Plan, { version, recordedAt }: RowVersion): PlanV1 => {
  if (approved === null) throw unknownPlan(slug);
  return { id: slug, version, recordedAt: iso(recordedAt), ...approved, approvedAt: iso(approved.approvedAt) };
};

export const planPublication: Publication<Plan, PlanFact, PlanV1, Reason> = { subject: plans, telling, snapshot };
