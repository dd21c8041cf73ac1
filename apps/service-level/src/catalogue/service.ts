import { canonicalJson } from '@underpin/kernel/canonical-json';
import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { conflict, invalid, notFound } from '@underpin/kernel/errors';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import { plausible } from './plausible';

export const CRITICALITIES = ['low', 'medium', 'high', 'critical'] as const;

/** What people say about a service of the catalogue. */
export interface ServiceDescription {
  readonly name: string;
  readonly owner: string | null;
  readonly criticality: (typeof CRITICALITIES)[number] | null;
  readonly vitalBusinessFunctions: readonly string[];
  /** People who depend on it; null: not counted. */
  readonly users: number | null;
  readonly dependsOn: readonly string[];
  /** Before this instant nothing is promised and nothing measured; null: not live yet. */
  readonly liveSince: Instant | null;
}

/** A service of the catalogue. */
export interface Service {
  readonly slug: string;
  /** null: nobody has registered it. */
  readonly description: ServiceDescription | null;
  /** When the first agreement that rests on it was agreed: from then on `liveSince` is part of a promise. */
  readonly promisedSince: Instant | null;
  readonly retiredAt: Instant | null;
}

export type ServiceStatus = 'proposed' | 'live' | 'retired';

export interface ServiceFact {
  readonly type: 'proposed' | 'live' | 'changed' | 'retired' | 'promised';
  readonly at: Instant;
}

export const unregistered = (slug: string): Service => ({
  slug,
  description: null,
  promisedSince: null,
  retiredAt: null,
});

/** proposed -> live (it has a `liveSince`) -> retired (for good). */
export const statusOf = ({ description, retiredAt }: Service): ServiceStatus => {
  if (retiredAt !== null) return 'retired';
  return description?.liveSince == null ? 'proposed' : 'live';
};

/**
 * Registers a service or describes it anew; the description replaces what was said before.
 *
 * @throws DomainError conflict `service.live-since-frozen`; invalid `service.depends-on-itself`, `service.date-implausible`
 */
export const describeService = (
  service: Service,
  description: ServiceDescription,
  now: Instant,
): Decision<Service, ServiceFact> => {
  const before = service.description;
  refuseNonsense(service.slug, description);
  if (before !== null && canonicalJson(before) === canonicalJson(description)) return unchanged(service);
  if (service.promisedSince !== null && before?.liveSince !== description.liveSince)
    throw frozen(service.slug, before?.liveSince ?? null, description.liveSince);
  return decided({ ...service, description }, [{ type: changeBetween(before, description), at: now }]);
};

/**
 * An agreement that rests on this service is about to be agreed: from now on its `liveSince` stays as it is.
 *
 * @throws DomainError conflict `service.not-live`, `service.retired`
 */
export const promise = (service: Service, now: Instant): Decision<Service, ServiceFact> => {
  if (statusOf(service) === 'retired')
    throw conflict(
      'service.retired',
      `The service "${service.slug}" is retired: nothing can be promised of it any more`,
    );
  if (statusOf(service) === 'proposed')
    throw conflict(
      'service.not-live',
      `The service "${service.slug}" is not live yet: say since when it is (PUT /services/${service.slug} with "liveSince"), then agree`,
    );
  if (service.promisedSince !== null) return unchanged(service);
  return decided({ ...service, promisedSince: now }, [{ type: 'promised', at: now }]);
};

/**
 * Takes a service out of the catalogue for good. Retiring it again changes nothing.
 *
 * @throws DomainError notFound `service.unknown`; conflict `service.still-promised`
 */
export const retire = (
  service: Service,
  restingOnIt: readonly string[],
  now: Instant,
): Decision<Service, ServiceFact> => {
  if (service.description === null) throw unknownService(service.slug);
  if (service.retiredAt !== null) return unchanged(service);
  if (restingOnIt.length > 0)
    throw conflict(
      'service.still-promised',
      `The service "${service.slug}" is still promised by ${restingOnIt.join(', ')}: it can be retired when these have ended`,
    );
  return decided({ ...service, retiredAt: now }, [{ type: 'retired', at: now }]);
};

export const unknownService = (slug: string) =>
  notFound('service.unknown', `There is no service "${slug}" in the catalogue: register it with PUT /services/${slug}`);

const changeBetween = (before: ServiceDescription | null, { liveSince }: ServiceDescription): ServiceFact['type'] => {
  if (before !== null && (before.liveSince === null) === (liveSince === null)) return 'changed';
  return liveSince === null ? 'proposed' : 'live';
};

const refuseNonsense = (slug: string, { dependsOn, liveSince }: ServiceDescription): void => {
  if (dependsOn.includes(slug))
    throw invalid('service.depends-on-itself', `"${slug}" cannot depend on itself: leave it out of dependsOn`);
  if (liveSince !== null) plausible(liveSince, 'liveSince', 'service.date-implausible');
};

const frozen = (slug: string, is: Instant | null, wanted: Instant | null) =>
  conflict(
    'service.live-since-frozen',
    `"${slug}" is live since ${is === null ? 'never' : iso(is)}, and agreements rest on that: ` +
      `send the same liveSince again instead of ${wanted === null ? 'none' : iso(wanted)}`,
  );
