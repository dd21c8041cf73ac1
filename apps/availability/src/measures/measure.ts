import type { Allowance } from '@underpin/kernel/measure/allowance';
import { measureId, type MeasureDefinition } from '@underpin/kernel/measure/measure-id';
import { invalid } from '@underpin/kernel/errors';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import { openIntervals } from '@underpin/kernel/time/calendar';
import { overlap, totalLength, type Interval } from '@underpin/kernel/time/interval';
import { addDuration, nextPeriod, periodAt, type Period } from '@underpin/kernel/time/period';
import { NOTHING_COUNTED, type Figure } from '../figures/figure';

/** What is counted, and how: shared by all agreements that count the same. */
export interface Measure {
  readonly id: string;
  readonly service: string;
  readonly definition: MeasureDefinition;
  /** When it first existed here. */
  readonly createdAt: Instant;
}

/** A stretch of an agreement with fixed content, as far as measuring needs it. */
export interface MeasuredTerm {
  readonly agreement: string;
  /** [from, to); `Infinity`: until further notice. */
  readonly effective: Interval;
  readonly measureId: string;
  readonly definition: MeasureDefinition;
  readonly allowances: readonly Allowance[];
}

/** The measure that a term points to. Refuses a term whose id is not that of its definition: both sides must mean the same. */
export const measureOf = (term: MeasuredTerm, now: Instant): Measure => {
  const id = measureId(term.definition);
  if (id !== term.measureId)
    throw invalid(
      'measure.mismatch',
      `agreement ${term.agreement} says measure ${term.measureId}, but its definition is measure ${id}`,
    );
  return { id, service: term.definition.service ?? '', definition: term.definition, createdAt: now };
};

/**
 * The figures of a term that have begun: one for each reporting period, clipped to the term and to the life of the service.
 * Elapsed periods are opened all at once.
 */
export const begunFigures = (measure: Measure, effective: Interval, liveSince: Instant, now: Instant): Figure[] => {
  const life = { start: Math.max(effective.start, liveSince), end: effective.end };
  const figures: Figure[] = [];
  const { reportingPeriod, calendar } = measure.definition;
  if (!(life.start < life.end) || life.start > now) return figures;
  for (
    let period = periodAt(reportingPeriod, calendar.zone, life.start);
    period.from <= now;
    period = nextPeriod(period)
  ) {
    const span = overlap({ start: period.from, end: period.to }, life);
    if (span === null || span.start > now) break;
    figures.push(openedFigure(measure, period, span));
  }
  return figures;
};

/** When the next figure of a term begins; null: the term ends before. */
export const nextOpening = (
  measure: Measure,
  effective: Interval,
  liveSince: Instant,
  now: Instant,
): Instant | null => {
  const begins = Math.max(effective.start, liveSince);
  if (begins > now) return begins < effective.end ? begins : null;
  const { to } = periodAt(measure.definition.reportingPeriod, measure.definition.calendar.zone, now);
  return to < effective.end ? to : null;
};

/** The agreed time of a figure's span. */
export const agreedTime = ({ calendar }: Pick<MeasureDefinition, 'calendar'>, span: Interval): Interval[] =>
  openIntervals(calendar, span);

/** The party whose outages count, or null: any. */
export const countedOnly = (measure: Measure): string | null =>
  measure.definition.counted === 'any' ? null : measure.definition.counted.only;

const openedFigure = (measure: Measure, period: Period, span: Interval): Figure => {
  const cutoffAt = addDuration(period.to, measure.definition.grace, measure.definition.calendar.zone);
  return {
    id: figureId(measure.id, span),
    measureId: measure.id,
    service: measure.service,
    countedParty: countedOnly(measure),
    from: span.start,
    to: span.end,
    period,
    cutoffAt,
    historical: cutoffAt <= measure.createdAt,
    agreedMs: totalLength(agreedTime(measure.definition, span)),
    content: NOTHING_COUNTED,
    status: 'open',
    revision: 0,
    asOf: measure.createdAt,
    cause: 'opened',
    closed: null,
  };
};

/** `<measure>/<from>/<to>`, UTC: the same wherever it is computed. */
export const figureId = (measure: string, { start, end }: Interval): string => `${measure}/${iso(start)}/${iso(end)}`;
