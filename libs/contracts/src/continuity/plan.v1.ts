import { ArrayMinSize } from 'class-validator';
import { Nullable } from '../fields/presence';
import { OneOf, Slug, Slugs, Text } from '../fields/text';
import { IsoDuration, UtcInstant } from '../fields/time';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** The recovery options of ITIL V2, from none to the fastest. */
export const RECOVERY_OPTIONS = [
  'manual-workaround',
  'reciprocal-arrangement',
  'gradual',
  'intermediate',
  'immediate',
] as const;

/** How services are brought back after a disaster, and how fast that is planned to be. */
export class PlanV1 extends StatePayload {
  @Slug()
  readonly id: string;

  @Text(200)
  readonly name: string;

  @OneOf('approved', 'retired')
  readonly status: 'approved' | 'retired';

  @Slugs(50)
  @ArrayMinSize(1)
  readonly services: readonly string[];

  /** Planned time from the disaster to the recovered service. */
  @IsoDuration()
  readonly rto: string;

  /** Planned age of what is recovered. */
  @IsoDuration()
  readonly rpo: string;

  @OneOf(...RECOVERY_OPTIONS)
  readonly option: (typeof RECOVERY_OPTIONS)[number];

  @Nullable()
  @Text(200)
  readonly owner: string | null;

  @UtcInstant()
  readonly approvedAt: string;
}

export const plans = stateSubject({
  topic: 'underpin.continuity.plans',
  owner: 'continuity',
  reasons: ['plan-approved', 'plan-exercised', 'plan-stale', 'plan-retired'],
  payload: PlanV1,
  key: (plan) => plan.id,
});
