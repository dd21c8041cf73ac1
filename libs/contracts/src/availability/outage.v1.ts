import { IsBoolean } from 'class-validator';
import { BasisPoints, Whole } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { OneOf, Slug, Text, Uuid } from '../fields/text';
import { UtcInstant } from '../fields/time';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** What is believed about an outage, from everything that was told. A phase that is null has not been reached, or not been told. */
export class OutageV1 extends StatePayload {
  @Uuid()
  readonly id: string;

  /** Who tells of it, and its own id for it. */
  @Slug()
  readonly source: string;

  @Text(200)
  readonly externalId: string;

  /** `incomplete`: no start is known, or the end lies before it. */
  @OneOf('measurable', 'incomplete', 'withdrawn')
  readonly status: 'measurable' | 'incomplete' | 'withdrawn';

  @Nullable()
  @Slug()
  readonly service: string | null;

  @Nullable()
  @Slug()
  readonly component: string | null;

  @Nullable()
  @Text(200)
  readonly cause: string | null;

  /** The party that answers for it; null: not said yet. */
  @Nullable()
  @Slug()
  readonly party: string | null;

  @IsBoolean()
  readonly planned: boolean;

  @BasisPoints()
  readonly weightBp: number;

  @Nullable()
  @Whole({ to: 10_000_000_000 })
  readonly users: number | null;

  @Nullable()
  @UtcInstant()
  readonly occurredAt: string | null;

  @Nullable()
  @UtcInstant()
  readonly detectedAt: string | null;

  @Nullable()
  @UtcInstant()
  readonly reportedAt: string | null;

  @Nullable()
  @UtcInstant()
  readonly diagnosedAt: string | null;

  @Nullable()
  @UtcInstant()
  readonly repairedAt: string | null;

  @Nullable()
  @UtcInstant()
  readonly recoveredAt: string | null;

  @Nullable()
  @UtcInstant()
  readonly restoredAt: string | null;
}

export const outages = stateSubject({
  topic: 'underpin.availability.outages',
  owner: 'availability',
  reasons: [
    'outage-reported',
    'outage-phase-reached',
    'outage-restored',
    'outage-corrected',
    'outage-withdrawn',
    'outage-merged',
    'outage-reclassified',
  ],
  payload: OutageV1,
  key: (outage) => outage.id,
});
