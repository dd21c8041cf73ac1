import { Whole } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { OneOf, Slug, Slugs, Text, Texts } from '../fields/text';
import { UtcInstant } from '../fields/time';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** A service of the catalogue. */
export class ServiceV1 extends StatePayload {
  @Slug()
  readonly id: string;

  @Text(200)
  readonly name: string;

  @OneOf('proposed', 'live', 'retired')
  readonly status: 'proposed' | 'live' | 'retired';

  @Nullable()
  @Text(200)
  readonly owner: string | null;

  @Nullable()
  @OneOf('low', 'medium', 'high', 'critical')
  readonly criticality: 'low' | 'medium' | 'high' | 'critical' | null;

  @Texts(50, 200)
  readonly vitalBusinessFunctions: readonly string[];

  /** People who depend on it; null: not counted. */
  @Nullable()
  @Whole({ to: 10_000_000_000 })
  readonly users: number | null;

  @Slugs(200)
  readonly dependsOn: readonly string[];

  /** Before this instant nothing is promised and nothing measured; null: not live yet. */
  @Nullable()
  @UtcInstant()
  readonly liveSince: string | null;
}

export const services = stateSubject({
  topic: 'underpin.service-level.services',
  owner: 'service-level',
  reasons: ['service-proposed', 'service-live', 'service-changed', 'service-retired'],
  payload: ServiceV1,
  key: (service) => service.id,
});
