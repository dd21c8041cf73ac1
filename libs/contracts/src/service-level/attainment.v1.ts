import { ArrayMinSize, IsBoolean } from 'class-validator';
import { Many, One } from '../fields/nesting';
import { IntegerText, Milliseconds, PercentText, Whole } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { AllowanceKey, OneOf, Slug, Text } from '../fields/text';
import { UtcInstant } from '../fields/time';
import { PeriodV1 } from '../shapes/period';
import { RatioV1 } from '../shapes/ratio';
import { TierV1 } from '../shapes/remedy';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** The figure that a judgement rests on. */
export class SourceFigureV1 {
  /** `<measure>/<from>/<to>` */
  @Text(200)
  readonly id: string;

  @Whole({ from: 1 })
  readonly revision: number;
}

/** What became of one target in the period, as of this version. */
export class TargetAttainmentV1 {
  @Slug()
  readonly key: string;

  @OneOf('availability')
  readonly kind: 'availability';

  /** In percent. */
  @PercentText()
  readonly required: string;

  @AllowanceKey()
  readonly allowance: string;

  /** `measuring` while open and not missed; `not-measured` without agreed time. */
  @OneOf('measuring', 'at-risk', 'met', 'missed', 'not-measured')
  readonly state: 'measuring' | 'at-risk' | 'met' | 'missed' | 'not-measured';

  /** Available share of the agreed time, exact; null without agreed time. */
  @Nullable()
  @One(() => RatioV1)
  readonly achieved: RatioV1 | null;

  @Milliseconds()
  readonly agreedMs: number;

  /** The allowance as full downtime, cut off: for people. */
  @Milliseconds()
  readonly budgetMs: number;

  /** Downtime in basis points × ms. */
  @IntegerText()
  readonly usedBpMs: string;

  /** In the world: the first millisecond at which downtime was over the allowance. */
  @Nullable()
  @UtcInstant()
  readonly missedAt: string | null;

  /** Ours: when the miss was declared. */
  @Nullable()
  @UtcInstant()
  readonly declaredAt: string | null;

  /** The deepest tier of the remedy that is reached. */
  @Nullable()
  @One(() => TierV1)
  readonly tier: TierV1 | null;

  @One(() => SourceFigureV1)
  readonly figure: SourceFigureV1;
}

/** What a close has fixed. */
export class ClosedV1 {
  @Whole({ from: 1 })
  readonly revision: number;

  @UtcInstant()
  readonly at: string;
}

/** Whether an agreement was kept in one period: opened with its figure, declared while it runs, closed behind it. */
export class AttainmentV1 extends StatePayload {
  /** `<agreement>/<from>` */
  @Text(120)
  readonly id: string;

  @Slug()
  readonly agreement: string;

  @OneOf('SLA', 'OLA', 'UC')
  readonly kind: 'SLA' | 'OLA' | 'UC';

  @Slug()
  readonly service: string;

  @Nullable()
  @Slug()
  readonly provider: string | null;

  @Nullable()
  @Slug()
  readonly recipient: string | null;

  /** Number of the term that it is judged by. */
  @Whole({ from: 1, to: 10_000 })
  readonly term: number;

  @One(() => PeriodV1)
  readonly period: PeriodV1;

  /** The period, clipped to the term and to the life of the service: [from, to). */
  @UtcInstant()
  readonly from: string;

  @UtcInstant()
  readonly to: string;

  @OneOf('open', 'closed')
  readonly status: 'open' | 'closed';

  /** Counts what was said of it; what is booked cites it. */
  @Whole({ from: 1 })
  readonly revision: number;

  @Many(() => TargetAttainmentV1, 20)
  @ArrayMinSize(1)
  readonly targets: readonly TargetAttainmentV1[];

  @Nullable()
  @One(() => ClosedV1)
  readonly closed: ClosedV1 | null;

  /** Closed, and a later fact says something else: shown, and no money moves by it. */
  @IsBoolean()
  readonly restatementPending: boolean;
}

export const attainments = stateSubject({
  topic: 'underpin.service-level.attainments',
  owner: 'service-level',
  reasons: [
    'attainment-opened',
    'attainment-at-risk',
    'attainment-missed',
    'attainment-miss-withdrawn',
    'attainment-tier-reached',
    'attainment-revised',
    'attainment-closed',
    'attainment-restated',
  ],
  payload: AttainmentV1,
  key: (attainment) => attainment.id,
});
