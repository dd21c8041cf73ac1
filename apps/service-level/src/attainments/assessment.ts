import { allowanceOfKey, exceeded } from '@underpin/kernel/measure/allowance';
import type { Instant } from '@underpin/kernel/time/instant';
import type { RemedyTier } from '../agreements/remedy';
import type { Target } from '../agreements/term';
import type { Criteria } from './criteria';
import type { Figure } from './figure';

/** `measuring` while open and not missed; `not-measured` without agreed time: there is nothing to keep or to miss. */
export type TargetState = 'measuring' | 'at-risk' | 'met' | 'missed' | 'not-measured';

/** What a figure says of one target. */
export interface TargetVerdict {
  readonly target: Target;
  readonly state: TargetState;
  /** In the world: the first millisecond at which downtime was over the allowance. */
  readonly missedAt: Instant | null;
  /** The deepest tier of the remedy that is reached. */
  readonly tier: RemedyTier | null;
}

export interface Assessment {
  readonly status: 'open' | 'closed';
  readonly restatementPending: boolean;
  readonly targets: readonly TargetVerdict[];
}

/**
 * What a figure comes to under these criteria at this moment. It depends on its arguments alone: not on what was said
 * before, on the order in which figures came, or on how often.
 *
 * While open, what has been crossed by now has happened, whether or not anybody has restored the service since. Once
 * closed, the rule itself decides: missed ⇔ D · den > A · 10000 · num, so that equality is met.
 */
export const assess = (criteria: Criteria, figure: Figure, now: Instant): Assessment => ({
  status: figure.status,
  restatementPending: figure.restatementPending,
  targets: criteria.targets.map((target) => verdictOn(target, criteria.tiers, figure, now)),
});

const verdictOn = (target: Target, tiers: readonly RemedyTier[], figure: Figure, now: Instant): TargetVerdict => {
  if (figure.agreedMs <= 0) return { target, state: 'not-measured', missedAt: null, tier: null };
  const isOver = figure.status === 'closed' ? overAtClose(figure) : crossedBy(figure, now);
  const missed = isOver(target.allowance);
  return {
    target,
    state: missed ? 'missed' : stateUnlessMissed(target, figure, isOver),
    missedAt: missed ? (figure.crossings.get(target.allowance) ?? null) : null,
    tier: tiers.findLast(({ allowance }) => isOver(allowance)) ?? null,
  };
};

const stateUnlessMissed = ({ atRisk }: Target, { status }: Figure, isOver: (key: string) => boolean): TargetState => {
  if (status === 'closed') return 'met';
  return atRisk !== null && isOver(atRisk) ? 'at-risk' : 'measuring';
};

const overAtClose =
  ({ downBpMs, agreedMs }: Figure) =>
  (key: string): boolean =>
    exceeded(downBpMs, agreedMs, allowanceOfKey(key));

const crossedBy =
  ({ crossings }: Figure, now: Instant) =>
  (key: string): boolean => {
    const at = crossings.get(key) ?? null;
    return at !== null && at <= now;
  };

/** Everything of which a change is worth a new revision, as one text: two verdicts with the same text say the same. */
export const outcomeOf = ({ status, restatementPending, targets }: OutcomeParts): string =>
  [
    restatementPending ? `${status} restatement-pending` : status,
    ...targets.map(({ key, state, missedAt, tier }) => `${key} ${state} ${missedAt ?? '-'} ${tier?.allowance ?? '-'}`),
  ].join('; ');

interface OutcomeParts {
  readonly status: string;
  readonly restatementPending: boolean;
  readonly targets: readonly {
    readonly key: string;
    readonly state: TargetState;
    readonly missedAt: Instant | null;
    readonly tier: RemedyTier | null;
  }[];
}

/** The outcome of an assessment. */
export const outcomeOfAssessment = ({ targets, ...rest }: Assessment): string =>
  outcomeOf({ ...rest, targets: targets.map(({ target, ...verdict }) => ({ key: target.key, ...verdict })) });
