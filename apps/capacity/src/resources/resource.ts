import { canonicalJson } from '@underpin/kernel/canonical-json';
import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { invalid, notFound } from '@underpin/kernel/errors';
import type { Instant } from '@underpin/kernel/time/instant';

export const RESOURCE_KINDS = ['cpu', 'memory', 'storage', 'network', 'licence', 'people', 'other'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** Something that a service needs and that can run short. */
export interface ResourceDescription {
  readonly name: string;
  readonly kind: ResourceKind;
  readonly status: 'in-use' | 'retired';
  /** The service that it serves; null: several, or none yet. */
  readonly service: string | null;
  readonly supplier: string | null;
  /** What it is counted in: `GiB`, `Mbit/s`. */
  readonly unit: string;
  /** How much of it there is, as a decimal; null: not known. */
  readonly capacity: string | null;
}

export interface Resource {
  readonly slug: string;
  /** null: nobody has registered it. */
  readonly description: ResourceDescription | null;
}

export interface ResourceFact {
  readonly type: 'registered' | 'changed' | 'retired';
  readonly at: Instant;
}

/**
 * Registers a resource or describes it anew; the description replaces what was said before. A retired resource may come back.
 *
 * @throws DomainError invalid `resource.capacity-not-positive`
 */
export const register = (
  resource: Resource,
  description: ResourceDescription,
  now: Instant,
): Decision<Resource, ResourceFact> => {
  if (description.capacity !== null && !/[1-9]/.test(description.capacity))
    throw invalid(
      'resource.capacity-not-positive',
      `capacity is "${description.capacity}": give more than zero, or leave it out if it is not known`,
    );
  const before = resource.description;
  if (before !== null && canonicalJson(before) === canonicalJson(description)) return unchanged(resource);
  return decided({ ...resource, description }, [{ type: changeBetween(before, description), at: now }]);
};

const changeBetween = (before: ResourceDescription | null, after: ResourceDescription): ResourceFact['type'] => {
  if (before?.status === after.status) return 'changed';
  return after.status === 'retired' ? 'retired' : 'registered';
};

export const unknownResource = (slug: string) =>
  notFound('resource.unknown', `There is no resource "${slug}": register it with PUT /resources/${slug}`);
