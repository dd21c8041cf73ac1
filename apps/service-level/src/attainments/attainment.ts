import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { percentOf } from '@underpin/kernel/measure/percent';
import type { BpMs } from '@underpin/kernel/measure/weight-steps';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import type { Period } from '@underpin/kernel/time/period';
import type { AgreementKind, Sides } from '../agreements/proposal';
import type { RemedyTier } from '../agreements/remedy';
import { assess, outcomeOf, type Assessment, type TargetState, type TargetVerdict } from './assessment';
import type { Criteria } from './criteria';
import type { Figure } from './figure';

/** Under which agreement, and which of its terms, a period is judged. */
export interface Clause extends Sides {
  readonly agreement: string;
  readonly kind: AgreementKind;
  readonly service: string;
  readonly term: number;
}

/** What became of one target, as of a revision. */
export interface TargetAttainment {
  readonly key: string;
  /** In percent. */
  readonly required: string;
  /** Key of its allowance. */
  readonly allowance: string;
  readonly state: TargetState;
  readonly agreedMs: number;
  readonly usedBpMs: BpMs;
  /** In the world. */
  readonly missedAt: Instant | null;
  /** Ours: when the miss was first declared, since it was last withdrawn. */
  readonly declaredAt: Instant | null;
  readonly tier: RemedyTier | null;
  readonly figure: { readonly id: string; readonly revision: number };
}

/** What was said of a period. */
export interface Judged {
  readonly clause: Clause;
  readonly period: Period;
  readonly to: Instant;
  readonly status: 'open' | 'closed';
  readonly targets: readonly TargetAttainment[];
  readonly closed: { readonly revision: number; readonly at: Instant } | null;
  readonly restatementPending: boolean;
  /** When this was said. */
  readonly asOf: Instant;
}

/** Whether an agreement was kept in one period: it opens with its figure, is declared while it runs, and closes behind it. */
export interface Attainment {
  readonly agreement: string;
  /** Start of its figure. */
  readonly from: Instant;
  /** Counts what was said of it. */
  readonly revision: number;
  /** null: no figure has arrived. */
  readonly judged: Judged | null;
}

export interface AttainmentKey {
  readonly agreement: string;
  readonly from: Instant;
}

export interface AttainmentFact {
  readonly type:
    'opened' | 'at-risk' | 'missed' | 'miss-withdrawn' | 'tier-reached' | 'revised' | 'closed' | 'restated';
  /** When it happened in the world. */
  readonly at: Instant;
}

/** One agreement that has to be judged by one figure. */
export interface Case {
  readonly clause: Clause;
  readonly criteria: Criteria;
  readonly figure: Figure;
}

export const unopened = ({ agreement, from }: AttainmentKey): Attainment => ({
  agreement,
  from,
  revision: 0,
  judged: null,
});

/** `<agreement>/<from>`: how an attainment is told of. */
export const attainmentId = ({ agreement, from }: AttainmentKey): string => `${agreement}/${iso(from)}`;

export const keyOf = ({ clause, figure }: Case): AttainmentKey => ({ agreement: clause.agreement, from: figure.from });

/**
 * Judges a period by the newest figure. There is a new revision only if the outcome is another one: state, instant of the
 * miss, tier, or what is closed. What is closed stays as it was closed; that more is known is said beside it.
 */
export const judge = (
  attainment: Attainment,
  { clause, criteria, figure }: Case,
  now: Instant,
): Decision<Attainment, AttainmentFact> => {
  const before = attainment.judged;
  // Clocks of two processes differ by milliseconds: what one has declared, the other must not take back.
  const asOf = Math.max(now, before?.asOf ?? now);
  if (before?.status === 'closed') return restate(attainment, before, figure, asOf);

  const assessment = assess(criteria, figure, asOf);
  const revision = attainment.revision + 1;
  const next: Judged = {
    clause,
    period: figure.period,
    to: figure.to,
    status: assessment.status,
    targets: assessment.targets.map((verdict) => attained(verdict, before, figure, asOf)),
    closed: assessment.status === 'closed' ? { revision, at: asOf } : null,
    restatementPending: assessment.restatementPending,
    asOf,
  };
  if (before !== null && outcomeOf(before) === outcomeOf(next)) return unchanged(attainment);
  return decided({ ...attainment, revision, judged: next }, factsBetween(before, next, assessment, figure));
};

/** What is closed stays; that more is known is said beside it, and when it was missed, should nobody have watched until then. */
const restate = (
  attainment: Attainment,
  before: Judged,
  figure: Figure,
  asOf: Instant,
): Decision<Attainment, AttainmentFact> => {
  const { restatementPending } = figure;
  const targets = before.targets.map((target) =>
    target.state === 'missed' && target.missedAt === null
      ? { ...target, missedAt: figure.crossings.get(target.allowance) ?? null }
      : target,
  );
  const judged = { ...before, targets, restatementPending, asOf };
  if (outcomeOf(judged) === outcomeOf(before)) return unchanged(attainment);
  const type = restatementPending === before.restatementPending ? 'revised' : 'restated';
  return decided({ ...attainment, revision: attainment.revision + 1, judged }, [{ type, at: asOf }]);
};

const attained = (
  { target, state, missedAt, tier }: TargetVerdict,
  before: Judged | null,
  figure: Figure,
  asOf: Instant,
): TargetAttainment => ({
  key: target.key,
  required: target.required,
  allowance: target.allowance,
  state,
  agreedMs: figure.agreedMs,
  usedBpMs: figure.downBpMs,
  missedAt,
  declaredAt: state === 'missed' ? (declaredBefore(before, target.key) ?? asOf) : null,
  tier,
  figure: { id: figure.id, revision: figure.revision },
});

const declaredBefore = (before: Judged | null, key: string): Instant | null =>
  before?.targets.find((target) => target.key === key)?.declaredAt ?? null;

/** What has happened, the most telling first: the first gives the event its reason. */
const factsBetween = (
  before: Judged | null,
  next: Judged,
  assessment: Assessment,
  figure: Figure,
): AttainmentFact[] => {
  const facts: AttainmentFact[] = [];
  const add = (type: AttainmentFact['type'], at: Instant): void => void facts.push({ type, at });
  const wasIn = (state: TargetState, key: string): boolean =>
    before?.targets.find((t) => t.key === key)?.state === state;

  if (next.status === 'closed') add('closed', figure.to);
  for (const { target, state, missedAt } of assessment.targets) {
    if (wasIn('missed', target.key) && state !== 'missed') add('miss-withdrawn', next.asOf);
    if (state === 'missed' && !wasIn('missed', target.key)) add('missed', missedAt ?? next.asOf);
  }
  for (const { target, tier } of assessment.targets) {
    const known = before?.targets.find((t) => t.key === target.key)?.tier ?? null;
    if (tier !== null && isDeeper(tier, known)) add('tier-reached', figure.crossings.get(tier.allowance) ?? next.asOf);
  }
  for (const { target, state } of assessment.targets) {
    const at = target.atRisk === null ? null : figure.crossings.get(target.atRisk);
    if (state === 'at-risk' && !wasIn('at-risk', target.key)) add('at-risk', at ?? next.asOf);
  }
  if (before === null) add('opened', figure.from);
  return facts.length > 0 ? facts : [{ type: 'revised', at: next.asOf }];
};

/** Credits rise from tier to tier, so that the deeper one is the one that credits more. */
const isDeeper = (tier: RemedyTier, than: RemedyTier | null): boolean =>
  than === null || percentOf(tier.credit, 'tier.credit') > percentOf(than.credit, 'tier.credit');
