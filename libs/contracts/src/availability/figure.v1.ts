import { IsBoolean } from 'class-validator';
import { Many, One } from '../fields/nesting';
import { BasisPoints, IntegerText, Milliseconds, Whole } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { AllowanceKey, OneOf, Sha256, Slug, Text } from '../fields/text';
import { UtcInstant } from '../fields/time';
import { PeriodV1 } from '../shapes/period';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** When a watched allowance is used up: the first millisecond at which downtime is over it; null: not in this period. */
export class CrossingV1 {
  @AllowanceKey()
  readonly allowance: string;

  @Nullable()
  @UtcInstant()
  readonly at: string | null;
}

/** What is down at this moment. */
export class StillDownV1 {
  @UtcInstant()
  readonly since: string;

  @BasisPoints()
  readonly weightBp: number;
}

export class ClosedFigureV1 {
  @Whole({ from: 1 })
  readonly revision: number;

  @UtcInstant()
  readonly at: string;
}

/** Availability of one measure over [from, to): what was agreed, what was lost, when what is watched is used up. */
export class FigureV1 extends StatePayload {
  /** `<measure>/<from>/<to>`, UTC. */
  @Text(200)
  readonly id: string;

  @Sha256()
  readonly measureId: string;

  @Slug()
  readonly service: string;

  /** Only outages of this party are in it; null: any. */
  @Nullable()
  @Slug()
  readonly countedParty: string | null;

  @One(() => PeriodV1)
  readonly period: PeriodV1;

  /** The period, clipped to the term and to the life of the service: [from, to). */
  @UtcInstant()
  readonly from: string;

  @UtcInstant()
  readonly to: string;

  /** Its cutoff lay before it was first measured: closed by command only. */
  @IsBoolean()
  readonly historical: boolean;

  @OneOf('open', 'closing', 'closed')
  readonly status: 'open' | 'closing' | 'closed';

  @Milliseconds()
  readonly agreedMs: number;

  /** Downtime until `asOf`, in basis points × ms. Once closed, that of the closed revision. */
  @IntegerText()
  readonly downBpMs: string;

  /** Outages that began in it, overlapping ones and those without length too. */
  @Whole()
  readonly outages: number;

  /** Connected stretches of downtime that began in it. */
  @Whole()
  readonly episodes: number;

  @Milliseconds()
  readonly longestMs: number;

  /** Mean time to restore service; null: nothing failed. */
  @Nullable()
  @Milliseconds()
  readonly mtrsMs: number | null;

  /** Mean time between failures; null: nothing failed. */
  @Nullable()
  @Milliseconds()
  readonly mtbfMs: number | null;

  @Nullable()
  @One(() => StillDownV1)
  readonly open: StillDownV1 | null;

  /** For everything that is watched, tiers and shares at risk included. What is still down is taken to go on. */
  @Many(() => CrossingV1, 2_000)
  readonly crossings: readonly CrossingV1[];

  @Whole({ from: 1 })
  readonly revision: number;

  @UtcInstant()
  readonly asOf: string;

  /** Why there is this revision. */
  @OneOf('opened', 'outages-changed', 'watch-changed', 'closed')
  readonly cause: 'opened' | 'outages-changed' | 'watch-changed' | 'closed';

  @Nullable()
  @One(() => ClosedFigureV1)
  readonly closed: ClosedFigureV1 | null;

  /** Closed, and what is known since then says something else. */
  @IsBoolean()
  readonly restatementPending: boolean;
}

export const figures = stateSubject({
  topic: 'underpin.availability.figures',
  owner: 'availability',
  reasons: ['figure-revised', 'figure-closed', 'figure-restated'],
  payload: FigureV1,
  key: (figure) => figure.id,
});
