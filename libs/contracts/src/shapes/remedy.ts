import { IsBoolean } from 'class-validator';
import { Many } from '../fields/nesting';
import { PercentText } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { AllowanceKey, OneOf } from '../fields/text';
import { IsoDuration } from '../fields/time';

/** One step of a remedy: from this availability downwards, to the next deeper step. */
export class TierV1 {
  @PercentText()
  readonly below: string;

  /** Reached already at exactly this availability. */
  @IsBoolean()
  readonly inclusive: boolean;

  /** Percent of the base that is credited. */
  @PercentText()
  readonly credit: string;

  /** The tier as an allowance that is watched. */
  @AllowanceKey()
  readonly allowance: string;
}

/** What is owed when a target is missed: the clause alone; Financial turns it into money. */
export class RemedyV1 {
  /** From the highest bound downwards; their credits rise. */
  @Many(() => TierV1, 20)
  readonly tiers: readonly TierV1[];

  /** Of what the percentages are taken: the fee of service and customer for the reporting period. */
  @OneOf('period-fee')
  readonly base: 'period-fee';

  /** The most that one period credits, in percent of the base; null: no cap. */
  @Nullable()
  @PercentText()
  readonly cap: string | null;

  /** How several targets of one agreement combine: the highest alone, or their sum. */
  @OneOf('highest', 'sum')
  readonly combine: 'highest' | 'sum';

  /** Of a claim on a supplier: how long after the end of the period it may be filed; null: no deadline. */
  @Nullable()
  @IsoDuration()
  readonly claimBy: string | null;

  /** What happens to a credit that turns out not to be owed after it was settled. */
  @OneOf('none', 'on-approval', 'automatic')
  readonly clawback: 'none' | 'on-approval' | 'automatic';
}
