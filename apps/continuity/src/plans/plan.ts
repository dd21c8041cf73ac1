import { canonicalJson } from '@underpin/kernel/canonical-json';
import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { invalid, notFound } from '@underpin/kernel/errors';
import { durationOf } from '@underpin/kernel/time/duration';
import { HOUR, iso, MINUTE, type Instant } from '@underpin/kernel/time/instant';

/** The recovery options of ITIL V2, from none to the fastest. */
export const RECOVERY_OPTIONS = [
  'manual-workaround',
  'reciprocal-arrangement',
  'gradual',
  'intermediate',
  'immediate',
] as const;
export type RecoveryOption = (typeof RECOVERY_OPTIONS)[number];

/** How services are brought back after a disaster. */
export interface PlanContent {
  readonly name: string;
  /** Slugs, in their order. */
  readonly services: readonly string[];
  /** Recovery time objective: from the disaster to the recovered service. ISO 8601, in days of 24 hours, hours and minutes. */
  readonly rto: string;
  /** Recovery point objective: how old what is recovered may be. */
  readonly rpo: string;
  readonly option: RecoveryOption;
  readonly owner: string | null;
}

export interface ApprovedPlan extends PlanContent {
  readonly status: 'approved' | 'retired';
  readonly approvedAt: Instant;
}

export interface Plan {
  readonly slug: string;
  /** null: nobody has approved one of that name. */
  readonly approved: ApprovedPlan | null;
}

export interface PlanFact {
  readonly type: 'approved' | 'retired';
  readonly at: Instant;
}

/** What is told of a plan: the content replaces what was said before. */
export interface Approval {
  readonly content: PlanContent;
  readonly retired: boolean;
  /** null: now, or as it was if the content is the same. */
  readonly approvedAt: Instant | null;
}

/** The clock of who approves may run this far ahead of ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

const LONGEST_OBJECTIVE_DAYS = 366;

/**
 * Approves a plan, approves it anew with another content, or retires it. A retired plan may be approved again.
 *
 * @throws DomainError invalid `plan.objective-not-positive`, `plan.objective-too-long`, `plan.approved-in-the-future`
 */
export const approve = (
  plan: Plan,
  { content, retired, approvedAt }: Approval,
  now: Instant,
): Decision<Plan, PlanFact> => {
  refuseSenseless('rto', content.rto);
  refuseSenseless('rpo', content.rpo);
  if (approvedAt !== null && approvedAt > now + CLOCK_TOLERANCE_MS)
    throw invalid(
      'plan.approved-in-the-future',
      `approvedAt (${iso(approvedAt)}) is after now (${iso(now)}): tell of a plan when it has been approved`,
    );
  const before = plan.approved;
  const sinceBefore =
    before !== null && canonicalJson(contentOf(before)) === canonicalJson(content) ? before.approvedAt : now;
  const approved: ApprovedPlan = {
    ...content,
    status: retired ? 'retired' : 'approved',
    approvedAt: approvedAt ?? sinceBefore,
  };
  if (before !== null && canonicalJson(before) === canonicalJson(approved)) return unchanged(plan);
  return decided({ ...plan, approved }, [
    retired ? { type: 'retired', at: now } : { type: 'approved', at: approved.approvedAt },
  ]);
};

const contentOf = ({ name, services, rto, rpo, option, owner }: PlanContent): PlanContent => ({
  name,
  services,
  rto,
  rpo,
  option,
  owner,
});

const refuseSenseless = (objective: 'rto' | 'rpo', text: string): void => {
  const { days, ms } = durationOf(text);
  const length = days * 24 * HOUR + ms;
  if (length === 0)
    throw invalid('plan.objective-not-positive', `${objective} is "${text}": give more than nothing, such as "PT15M"`);
  if (length > LONGEST_OBJECTIVE_DAYS * 24 * HOUR)
    throw invalid('plan.objective-too-long', `${objective} is "${text}": give at most ${LONGEST_OBJECTIVE_DAYS} days`);
};

export const unknownPlan = (slug: string) =>
  notFound('plan.unknown', `There is no plan "${slug}": give it with PUT /plans/${slug}`);
