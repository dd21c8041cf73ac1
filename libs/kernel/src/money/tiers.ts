import { invalid } from '../errors';
import { Allowance, allowanceOf, exceeded } from '../measure/allowance';
import { HUNDRED_PERCENT, MicroPercent, percentOf } from '../measure/percent';
import { BpMs } from '../measure/weight-steps';
import { Ratio, ratio } from '../ratio';

/**
 * One step of a remedy: from this availability downwards, until the next deeper step, this share of a fee is credited.
 * Percentages as decimal text. So a list of tiers has neither gaps nor overlaps below its highest bound.
 */
export interface Tier {
  /** Availability below which the tier applies; with `inclusive`, at which it applies already. */
  readonly below: string;
  readonly inclusive?: boolean;
  /** Percent of the fee. */
  readonly credit: string;
}

/**
 * Refuses tiers that contradict each other, and returns them in order, the highest bound first.
 *
 * @throws DomainError invalid `tiers.none`, `tiers.bound-twice`, `tiers.credit-not-rising`, `tiers.always-reached`;
 *   `tier.below.…`, `tier.credit.…` as `percentOf`. Each names the offending value.
 */
export const checkedTiers = (tiers: readonly Tier[]): Tier[] => {
  if (tiers.length === 0)
    throw invalid('tiers.none', 'a remedy has at least one tier, such as { "below": "99.9", "credit": "10" }');
  const ordered = tiers
    .map((tier) => ({ tier, bound: boundOf(tier), credit: percentOf(tier.credit, 'tier.credit') }))
    .sort((a, b) => b.bound - a.bound);
  ordered.forEach(({ tier, bound, credit }, i) => {
    if (tier.inclusive && bound === HUNDRED_PERCENT)
      throw invalid(
        'tiers.always-reached',
        'a tier for "100" inclusive would credit every period: leave "inclusive" out',
      );
    const above = ordered[i - 1];
    if (above?.bound === bound)
      throw invalid('tiers.bound-twice', `two tiers begin at ${tier.below}: which one applies is not said`);
    if (above && credit <= above.credit)
      throw invalid(
        'tiers.credit-not-rising',
        `${tier.credit} % below ${tier.below} is not more than ${above.tier.credit} % below ${above.tier.below}: a deeper tier credits more`,
      );
  });
  return ordered.map(({ tier }) => tier);
};

/** The stretch of availability, in percent, that misses the target and is credited by no tier; null if there is none. */
export const uncredited = (
  target: string,
  tiers: readonly Tier[],
): { readonly from: string; readonly below: string } | null => {
  const highest = checkedTiers(tiers)[0]!;
  return boundOf(highest) < percentOf(target, 'target') ? { from: highest.below, below: target } : null;
};

/** A tier as an allowance: availability < b ⇔ D > A · (1 − b); inclusive, availability <= b ⇔ D >= A · (1 − b). */
export const tierAllowance = (tier: Tier): Allowance => allowanceOf(tier.below, tier.inclusive ? '>=' : '>');

/** The deepest tier that this downtime reaches, whatever the order of the list; null if none, or nothing was measured. */
export const tierReached = (tiers: readonly Tier[], downBpMs: BpMs, agreedMs: number): Tier | null =>
  tiers
    .filter((tier) => exceeded(downBpMs, agreedMs, tierAllowance(tier)))
    .reduce<Tier | null>((deepest, tier) => (deepest && boundOf(deepest) <= boundOf(tier) ? deepest : tier), null);

/** A percentage above 0 and up to 100 as an exact share: "10" is 1/10. @throws DomainError as `percentOf` */
export const percentShare = (percent: string, what: string): Ratio =>
  ratio(BigInt(percentOf(percent, what)), BigInt(HUNDRED_PERCENT));

const boundOf = (tier: Tier): MicroPercent => percentOf(tier.below, 'tier.below');
