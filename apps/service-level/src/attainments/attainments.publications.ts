import {
  attainments,
  type AttainmentV1,
  type TargetAttainmentV1,
} from '@underpin/contracts/service-level/attainment.v1';
import { allowanceOfKey, budgetMs } from '@underpin/kernel/measure/allowance';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { attainmentId, type Attainment, type AttainmentFact, type TargetAttainment } from './attainment';
import { achievedOf } from './figure';

type Reason = (typeof attainments.reasons)[number];

const telling = ([fact]: readonly AttainmentFact[]): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'opened':
    case 'at-risk':
    case 'missed':
    case 'miss-withdrawn':
    case 'tier-reached':
    case 'revised':
    case 'closed':
    case 'restated':
      return { reason: `attainment-${fact.type}`, time: fact.at };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = (
  { agreement, from, revision, judged }: Attainment,
  { version, recordedAt }: RowVersion,
): AttainmentV1 => {
  if (judged === null) throw new Error(`The attainment ${agreement}/${from} has not been judged yet`);
  const { clause, period, closed } = judged;
  return {
    id: attainmentId({ agreement, from }),
    version,
    recordedAt: iso(recordedAt),
    agreement,
    kind: clause.kind,
    service: clause.service,
    provider: clause.provider,
    recipient: clause.recipient,
    term: clause.term,
    period: { ...period, from: iso(period.from), to: iso(period.to) },
    from: iso(from),
    to: iso(judged.to),
    status: judged.status,
    revision,
    targets: judged.targets.map(targetV1),
    closed: closed === null ? null : { revision: closed.revision, at: iso(closed.at) },
    restatementPending: judged.restatementPending,
  };
};

const targetV1 = (target: TargetAttainment): TargetAttainmentV1 => {
  const achieved = achievedOf(target.agreedMs, target.usedBpMs);
  return {
    key: target.key,
    kind: 'availability',
    required: target.required,
    allowance: target.allowance,
    state: target.state,
    achieved: achieved === null ? null : { num: achieved.num.toString(), den: achieved.den.toString() },
    agreedMs: target.agreedMs,
    budgetMs: budgetMs(target.agreedMs, allowanceOfKey(target.allowance)),
    usedBpMs: target.usedBpMs.toString(),
    missedAt: isoOrNull(target.missedAt),
    declaredAt: isoOrNull(target.declaredAt),
    tier: target.tier,
    figure: target.figure,
  };
};

const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : iso(instant));

export const attainmentPublication: Publication<Attainment, AttainmentFact, AttainmentV1, Reason> = {
  subject: attainments,
  telling,
  snapshot,
};
