import { dayOf } from '@underpin/kernel/time/civil';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import { periodsOf } from '@underpin/kernel/time/period';
import { startOfDay } from '@underpin/kernel/time/zone';
import { digest } from './digest';
import type { Terms } from './options';
import type { History, Incident } from './reading/history';
import { slugsOf } from './slug';

/** A service of the file and what it becomes on the platform. */
export interface PlayedService {
  /** As the file has it. */
  readonly name: string;
  readonly slug: string;
  /** Reference of the agreement that this replay makes on it. */
  readonly agreement: string;
}

/** One telling about an outage, as `POST /outages/batch` takes it. */
export interface Report {
  readonly source: string;
  readonly externalId: string;
  readonly sequence: number;
  readonly service: string;
  readonly occurredAt?: string;
  readonly restoredAt?: string;
}

/** A period that is printed: [from, to), the first one clipped to the beginning of the agreements. */
export interface PlayedPeriod {
  readonly label: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Over by now, so that it can be closed. */
  readonly ended: boolean;
}

/** Everything that a replay does, worked out from the file and the terms before anything is sent. */
export interface Plan {
  readonly terms: Terms;
  /** First instant of the agreements. */
  readonly begins: Instant;
  readonly customer: string;
  readonly services: readonly PlayedService[];
  readonly periods: readonly PlayedPeriod[];
  /** In the order in which they would have been told. */
  readonly reports: readonly Report[];
  /** Incidents that name no component: they belong to no service. */
  readonly nobodys: readonly Incident[];
  readonly outages: number;
}

/**
 * Works out a replay. Names on the platform carry a digest of the history, and of the terms: the same file with the same
 * terms finds what it made before; another file that also names "Actions", or other terms, never mix with it.
 */
export const planOf = ({ incidents }: History, terms: Terms, now: Instant): Plan => {
  const history = digest(
    [...incidents].sort((a, b) => (a.id < b.id ? -1 : 1)),
    8,
  );
  const promise = digest(terms, 8);
  const names = [...new Set(incidents.flatMap(({ components }) => components))].sort();
  const slugs = slugsOf(names);
  const services = names.map((name): PlayedService => {
    const slug = `${slugs.get(name)!}-${history}`;
    return { name, slug, agreement: `${slug}-${promise}` };
  });
  const slugOf = new Map(services.map(({ name, slug }) => [name, slug]));
  const counted = incidents.filter(({ outage, components }) => outage !== null && components.length > 0);
  const begins = startOfDay(terms.zone, dayOf(terms.from));
  return {
    terms,
    begins,
    customer: `replay-${history}-${promise}`,
    services,
    periods: playedPeriods(terms, begins, latestEnd(counted, now), now),
    reports: inOrderOfTelling(counted.flatMap((incident) => reportsOf(incident, `replay-${history}`, slugOf))),
    nobodys: incidents.filter(({ components }) => components.length === 0),
    outages: counted.reduce((sum, { components }) => sum + components.length, 0),
  };
};

/** The first instant after all counted outages; one without length still needs the period that it began in. */
const latestEnd = (counted: readonly Incident[], now: Instant): Instant =>
  counted.reduce((latest, { outage }) => Math.max(latest, outage!.end ?? now, outage!.start + 1), -Infinity);

const playedPeriods = (terms: Terms, begins: Instant, end: Instant, now: Instant): PlayedPeriod[] =>
  begins >= end
    ? []
    : periodsOf(terms.period, terms.zone, { start: begins, end }).map(({ label, from, to }) => ({
        label,
        from: Math.max(from, begins),
        to,
        ended: to <= now,
      }));

interface Telling {
  readonly at: Instant;
  readonly report: Report;
}

/** Opened and, unless it is still down, restored: for each component by itself. */
const reportsOf = (
  { id, components, outage }: Incident,
  source: string,
  slugOf: ReadonlyMap<string, string>,
): Telling[] =>
  components.flatMap((component) => {
    const service = slugOf.get(component)!;
    const outageOf = { source, externalId: externalIdOf(id, component), service };
    const { start, end } = outage!;
    const opened = { at: start, report: { ...outageOf, sequence: 1, occurredAt: iso(start) } };
    return end === null ? [opened] : [opened, { at: end, report: { ...outageOf, sequence: 2, restoredAt: iso(end) } }];
  });

/** The incident's own id where it is a plain one; the digest keeps its components apart. */
const externalIdOf = (id: string, component: string): string =>
  `${/^[\w.-]{1,100}$/.test(id) ? id : digest(id, 32)}:${digest([id, component], 12)}`;

/** By time; of one outage, and at the same time, what opens it comes first, as in the list. */
const inOrderOfTelling = (tellings: readonly Telling[]): Report[] =>
  [...tellings].sort((a, b) => a.at - b.at).map(({ report }) => report);
