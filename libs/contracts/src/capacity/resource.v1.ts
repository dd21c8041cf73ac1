import { DecimalText } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { OneOf, Slug, Text } from '../fields/text';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

export const RESOURCE_KINDS = ['cpu', 'memory', 'storage', 'network', 'licence', 'people', 'other'] as const;

/** Something that a service needs and that can run short. */
export class ResourceV1 extends StatePayload {
  @Slug()
  readonly id: string;

  @Text(200)
  readonly name: string;

  @OneOf(...RESOURCE_KINDS)
  readonly kind: (typeof RESOURCE_KINDS)[number];

  @OneOf('in-use', 'retired')
  readonly status: 'in-use' | 'retired';

  @Nullable()
  @Slug()
  readonly service: string | null;

  @Nullable()
  @Slug()
  readonly supplier: string | null;

  /** What it is counted in: `GiB`, `Mbit/s`. */
  @Text(32)
  readonly unit: string;

  /** How much of it there is; null: not known. */
  @Nullable()
  @DecimalText()
  readonly capacity: string | null;
}

export const resources = stateSubject({
  topic: 'underpin.capacity.resources',
  owner: 'capacity',
  reasons: ['resource-registered', 'resource-changed', 'resource-retired'],
  payload: ResourceV1,
  key: (resource) => resource.id,
});
