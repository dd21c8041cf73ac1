import { ArrayMinSize } from 'class-validator';
import type { PeriodKind } from '@underpin/kernel/time/period';
import { Many, One } from '../fields/nesting';
import { PercentText, Whole } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { AllowanceKey, OneOf, Sha256, Slug, Slugs } from '../fields/text';
import { IsoDuration, UtcInstant } from '../fields/time';
import { AllowanceV1 } from '../shapes/allowance';
import { CalendarV1 } from '../shapes/calendar';
import { PolicyV1 } from '../shapes/policy';
import { RemedyV1 } from '../shapes/remedy';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** A stretch of time, [from, to); `to` null: until further notice. */
export class EffectiveV1 {
  @UtcInstant()
  readonly from: string;

  @Nullable()
  @UtcInstant()
  readonly to: string | null;
}

/** What was promised of one figure. */
export class TargetV1 {
  /** Names the target inside its agreement. */
  @Slug()
  readonly key: string;

  @OneOf('availability')
  readonly kind: 'availability';

  /** In percent. */
  @PercentText()
  readonly required: string;

  /** Its own allowance: 1 − required. */
  @AllowanceKey()
  readonly allowance: string;

  /** A share of it at which the target is at risk. */
  @Nullable()
  @AllowanceKey()
  readonly atRisk: string | null;
}

/** What holds in one stretch of an agreement's life, in full: nobody has to look anything up to measure or to pay. */
export class TermV1 {
  /** Counts the terms of an agreement, from 1. */
  @Whole({ from: 1, to: 10_000 })
  readonly number: number;

  @One(() => EffectiveV1)
  readonly effective: EffectiveV1;

  @One(() => CalendarV1)
  readonly calendar: CalendarV1;

  @OneOf('month', 'quarter')
  readonly reportingPeriod: Extract<PeriodKind, 'month' | 'quarter'>;

  @One(() => PolicyV1)
  readonly policy: PolicyV1;

  /** Only outages of this party count; null: any. */
  @Nullable()
  @Slug()
  readonly countedParty: string | null;

  /** From the end of a period to its cutoff, in the calendar's zone. */
  @IsoDuration()
  readonly grace: string;

  /** How long after a close late facts still move money by themselves. */
  @IsoDuration()
  readonly restatementWindow: string;

  /** SHA-256 of service, counted party, calendar, policy, reporting period and grace (`@underpin/kernel/measure/measure-id`). */
  @Sha256()
  readonly measureId: string;

  /** All that is watched on the figure: targets, tiers, shares at risk. */
  @Many(() => AllowanceV1, 60)
  @ArrayMinSize(1)
  readonly allowances: readonly AllowanceV1[];

  @Many(() => TargetV1, 20)
  @ArrayMinSize(1)
  readonly targets: readonly TargetV1[];

  @Nullable()
  @One(() => RemedyV1)
  readonly remedy: RemedyV1 | null;
}

/** A promise: to a customer (SLA), inside the organisation (OLA), or of a supplier (UC). */
export class AgreementV1 extends StatePayload {
  /** The reference on the contract. */
  @Slug()
  readonly id: string;

  @OneOf('SLA', 'OLA', 'UC')
  readonly kind: 'SLA' | 'OLA' | 'UC';

  @OneOf('draft', 'agreed', 'in-force', 'expired', 'terminated')
  readonly status: 'draft' | 'agreed' | 'in-force' | 'expired' | 'terminated';

  /** When it came into this status. */
  @UtcInstant()
  readonly enteredAt: string;

  /** Who promises; null: the organisation itself. */
  @Nullable()
  @Slug()
  readonly provider: string | null;

  /** To whom; null: the organisation itself. */
  @Nullable()
  @Slug()
  readonly recipient: string | null;

  @Slug()
  readonly service: string;

  @Many(() => TermV1, 200)
  @ArrayMinSize(1)
  readonly terms: readonly TermV1[];

  /** Agreements with others that this one rests on. */
  @Slugs(100)
  readonly underpinnedBy: readonly string[];
}

export const agreements = stateSubject({
  topic: 'underpin.service-level.agreements',
  owner: 'service-level',
  reasons: [
    'agreement-agreed',
    'agreement-in-force',
    'agreement-amended',
    'agreement-expired',
    'agreement-terminated',
    'agreement-final',
  ],
  payload: AgreementV1,
  key: (agreement) => agreement.id,
});
