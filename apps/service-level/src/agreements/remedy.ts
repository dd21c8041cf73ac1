import { invalid } from '@underpin/kernel/errors';
import { allowanceOf, type Allowance } from '@underpin/kernel/measure/allowance';
import { percentOf } from '@underpin/kernel/measure/percent';
import { checkedTiers, tierAllowance, uncredited, type Tier } from '@underpin/kernel/money/tiers';

/** One step of a remedy: from this availability downwards, to the next deeper step. Percentages as text. */
export interface RemedyTier {
  readonly below: string;
  readonly inclusive: boolean;
  /** Percent of the base. */
  readonly credit: string;
  /** Key of the allowance that it watches. */
  readonly allowance: string;
}

/** What is owed when a target is missed: the clause alone; Financial turns it into money. */
export interface Remedy {
  /** From the highest bound downwards; their credits rise. */
  readonly tiers: readonly RemedyTier[];
  readonly base: 'period-fee';
  /** The most that one period credits, in percent of the base; null: no cap. */
  readonly cap: string | null;
  readonly combine: 'highest' | 'sum';
  readonly claimBy: string | null;
  readonly clawback: 'none' | 'on-approval' | 'automatic';
}

type WatchedTier = RemedyTier & { readonly watched: Allowance };

/**
 * The remedy clause of a target, checked: its tiers begin where the target ends, without a gap and without crediting a
 * period that was met.
 *
 * @throws DomainError invalid `remedy.uncredited`, `remedy.credits-what-is-met`, `cap.…`, `tier.…`, `tiers.…`
 */
export const remedyOf = (
  { tiers, cap }: { readonly tiers: readonly Tier[]; readonly cap: string | null },
  target: string,
): Omit<Remedy, 'tiers'> & { readonly tiers: readonly WatchedTier[] } => {
  const ordered = checkedTiers(tiers);
  refuseGap(ordered, target);
  refuseSurplus(ordered, target);
  return {
    tiers: ordered.map(watchedTier),
    base: 'period-fee',
    cap: cap === null ? null : checkedPercent(cap, 'cap'),
    combine: 'highest',
    claimBy: null,
    clawback: 'on-approval',
  };
};

const refuseGap = (tiers: readonly Tier[], target: string): void => {
  const gap = uncredited(target, tiers);
  if (gap !== null)
    throw invalid(
      'remedy.uncredited',
      `an availability from ${gap.from} up to just below ${gap.below} misses the target and is credited by no tier: let the highest tier begin "below": "${target}"`,
    );
};

const refuseSurplus = (tiers: readonly Tier[], target: string): void => {
  const { num, den } = allowanceOf(target);
  // Tiers above the target, and the target itself where a tier includes its bound, would credit what was promised and kept.
  const surplus = tiers.find((tier) => {
    const allowance = tierAllowance(tier);
    const [more, less] = [BigInt(num) * BigInt(allowance.den), BigInt(allowance.num) * BigInt(den)];
    return less < more || (less === more && allowance.bound === '>=');
  });
  if (surplus !== undefined)
    throw invalid(
      'remedy.credits-what-is-met',
      `the tier ${surplus.inclusive ? 'at and ' : ''}below ${surplus.below} would credit a period that meets its target of ${target}: let the highest tier begin "below": "${target}"`,
    );
};

const watchedTier = (tier: Tier): WatchedTier => {
  const watched = tierAllowance(tier);
  const { below, credit, inclusive = false } = tier;
  return { below, inclusive, credit, allowance: watched.key, watched };
};

const checkedPercent = (text: string, what: string): string => {
  percentOf(text, what);
  return text;
};

/** The clause in the one spelling of its numbers. */
export const spelledAlike = ({ tiers, cap, ...clause }: Remedy): Remedy => ({
  ...clause,
  tiers: tiers.map((tier) => ({ ...tier, below: percentText(tier.below), credit: percentText(tier.credit) })),
  cap: cap === null ? null : percentText(cap),
});

/** A percentage in its one spelling: "99.90" is "99.9", "100.0" is "100". */
export const percentText = (text: string): string => {
  const micro = percentOf(text, 'percent');
  const whole = Math.trunc(micro / 1_000_000);
  const decimals = String(micro % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return decimals === '' ? String(whole) : `${whole}.${decimals}`;
};

/** The lower of two percentages. */
export const lesserPercent = (a: string, b: string): string =>
  percentOf(a, 'percent') <= percentOf(b, 'percent') ? a : b;
