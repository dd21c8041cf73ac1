import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json';
import { CalendarDefinition, normalCalendar } from '../time/calendar';
import { PeriodKind } from '../time/period';
import { DEFAULT_POLICY, MeasuringPolicy } from './policy';

/** Whose outages count: any (an SLA), or only those that one party is responsible for (a UC or OLA: its provider). */
export type Counted = 'any' | { readonly only: string };

/** What is measured: a service, or one of its components. */
export type MeasureSubject =
  | { readonly service: string; readonly component?: undefined }
  | { readonly component: string; readonly service?: undefined };

/**
 * Everything that a figure depends on but the outages. Targets, tiers and remedies are not in it: agreements that
 * promise different things of the same figure share a measure.
 */
export type MeasureDefinition = MeasureSubject & {
  readonly counted: Counted;
  readonly calendar: CalendarDefinition;
  readonly policy: MeasuringPolicy;
  readonly reportingPeriod: PeriodKind;
  /** ISO 8601 duration from the end of a period to its cutoff, in the calendar's zone. */
  readonly grace: string;
};

/**
 * The identity of a measure: SHA-256 (hex) of the canonical JSON of its definition. Whoever computes it gets the same,
 * in whatever order the definition was written.
 *
 * @throws DomainError as `checkCalendar`
 */
export const measureId = (definition: MeasureDefinition): string =>
  createHash('sha256')
    .update(canonicalJson(normalMeasure(definition)))
    .digest('hex');

/**
 * The definition in its one spelling. Policy fields at their default are left out, so that a rule which is added later
 * does not give another identity to every measure there is: a default, once given, never changes.
 */
export const normalMeasure = ({ service, component, ...rest }: MeasureDefinition): Record<string, unknown> => ({
  service,
  component,
  counted: rest.counted === 'any' ? 'any' : { only: rest.counted.only },
  calendar: normalCalendar(rest.calendar),
  policy: departures(rest.policy),
  reportingPeriod: rest.reportingPeriod,
  grace: rest.grace,
});

const departures = (policy: MeasuringPolicy): Partial<MeasuringPolicy> =>
  Object.fromEntries(
    Object.entries(policy)
      .map(([name, value]) => [name, Array.isArray(value) ? [...new Set(value)].sort() : value] as const)
      .filter(([name, value]) => canonicalJson(value) !== canonicalJson(DEFAULT_POLICY[name as keyof MeasuringPolicy])),
  );
