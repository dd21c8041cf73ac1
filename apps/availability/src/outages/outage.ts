import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { invalid } from '@underpin/kernel/errors';
import { iso, type Instant } from '@underpin/kernel/time/instant';

/** The phases of the expanded incident life cycle, in the order in which they are reached. */
export const PHASES = [
  'occurredAt',
  'detectedAt',
  'reportedAt',
  'diagnosedAt',
  'repairedAt',
  'recoveredAt',
  'restoredAt',
] as const;
export type Phase = (typeof PHASES)[number];

/** What can be said about an outage. Instants in ms; weight in basis points of the service that were lost. */
export interface Claims extends Record<Phase, Instant | null> {
  readonly service: string | null;
  readonly component: string | null;
  readonly weightBp: number | null;
  readonly cause: string | null;
  /** The party that answers for it; null: not said yet, so it counts for the SLA and not for the underpinning contract. */
  readonly party: string | null;
  readonly planned: boolean | null;
  readonly users: number | null;
  readonly withdrawn: boolean | null;
}
export type Claim = keyof Claims;

/** Which of two tellings has the last word: by sequence (none comes before all), then by time told, then by content. */
export interface TellingOrder {
  readonly sequence: number | null;
  readonly toldAt: Instant | null;
  /** SHA-256 of the canonical body: the report's id. */
  readonly id: string;
}

/** One telling about an outage: an absent claim says nothing, null takes it back. */
export interface OutageReport {
  readonly source: string;
  readonly externalId: string;
  readonly order: TellingOrder;
  readonly says: Partial<Claims>;
}

/** What we believe of one claim, and whose word it is. */
type Beliefs = { readonly [C in Claim]?: { readonly value: Claims[C]; readonly by: TellingOrder } };

/**
 * What we believe about an outage. Belief is kept claim by claim with the order of the telling that has the last word on it, which
 * is the same as folding the set of all reports in their order: it depends on the set alone, not on when they came or how often.
 */
export interface Outage {
  readonly id: string;
  readonly source: string;
  readonly externalId: string;
  readonly beliefs: Beliefs;
}

/** `incomplete`: no start is known, or the end lies before it. Only what is measurable is measured. */
export type OutageState = 'measurable' | 'incomplete' | 'withdrawn';

/** What a report has changed; `confirmed`: only whose word it is. */
export interface OutageFact {
  readonly type: 'reported' | 'phase-reached' | 'restored' | 'corrected' | 'withdrawn' | 'reclassified' | 'confirmed';
  readonly report: OutageReport;
}

/** A source's clock may run this far ahead of ours. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** Takes a report into what we believe. A report that changes no belief changes nothing. */
export const hear = (outage: Outage, report: OutageReport, now: Instant): Decision<Outage, OutageFact> => {
  refuseFuture(report, now);
  const beliefs = withReport(outage.beliefs, report);
  if (beliefs === outage.beliefs) return unchanged(outage);
  const next = { ...outage, beliefs };
  return decided(next, [{ type: changeBetween(outage, next), report }]);
};

/** What a set of reports comes to, whatever their order. */
export const withReport = (beliefs: Beliefs, report: OutageReport): Beliefs => {
  const newer = (Object.keys(report.says) as Claim[]).filter((claim) => {
    const known = beliefs[claim];
    return known === undefined || compareTellings(report.order, known.by) > 0;
  });
  if (newer.length === 0) return beliefs;
  return {
    ...beliefs,
    ...Object.fromEntries(newer.map((claim) => [claim, { value: report.says[claim], by: report.order }])),
  };
};

/** Positive if `a` has the last word over `b`. */
export const compareTellings = (a: TellingOrder, b: TellingOrder): number =>
  compareOrNone(a.sequence, b.sequence) ||
  compareOrNone(a.toldAt, b.toldAt) ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const compareOrNone = (a: number | null, b: number | null): number =>
  (a ?? -Infinity) === (b ?? -Infinity) ? 0 : (a ?? -Infinity) < (b ?? -Infinity) ? -1 : 1;

/** The present word on one claim; null if nobody has said it or it was taken back. */
export const claimOf = <C extends Claim>(outage: Outage, claim: C): Claims[C] | null =>
  outage.beliefs[claim]?.value ?? null;

/** When it began: `occurredAt`, or the next later phase that is known. */
export const startOf = (outage: Outage): Instant | null =>
  claimOf(outage, 'occurredAt') ?? claimOf(outage, 'detectedAt') ?? claimOf(outage, 'reportedAt');

/** When the service was there again; null: not yet. */
export const endOf = (outage: Outage): Instant | null => claimOf(outage, 'restoredAt');

export const stateOf = (outage: Outage): OutageState => {
  if (claimOf(outage, 'withdrawn') === true) return 'withdrawn';
  const [start, end] = [startOf(outage), endOf(outage)];
  return start === null || (end !== null && end < start) ? 'incomplete' : 'measurable';
};

/** What a person has to look after before this outage can be measured, in words for the list `needs=attention`. */
export const attentionFor = (outage: Outage): string[] => {
  if (stateOf(outage) === 'withdrawn') return [];
  const [start, end] = [startOf(outage), endOf(outage)];
  return [
    ...(start === null ? ['no start is known: tell occurredAt'] : []),
    ...(start !== null && end !== null && end < start
      ? [`restoredAt (${iso(end)}) lies before the start (${iso(start)}): correct one of them`]
      : []),
    ...(claimOf(outage, 'service') === null ? ['no service is named: tell service'] : []),
  ];
};

/** The span over which it can change a figure: null when it is not measured. `end` null: still down. */
export const measuredSpan = (outage: Outage): { service: string; start: Instant; end: Instant | null } | null => {
  const [service, start] = [claimOf(outage, 'service'), startOf(outage)];
  return service !== null && start !== null && stateOf(outage) === 'measurable'
    ? { service, start, end: endOf(outage) }
    : null;
};

/** The weight to measure with: fully down unless somebody said how much. */
export const weightOf = (outage: Outage): number => claimOf(outage, 'weightBp') ?? FULLY_DOWN_BP;
const FULLY_DOWN_BP = 10_000;

const refuseFuture = (report: OutageReport, now: Instant): void => {
  for (const phase of PHASES) {
    const at = report.says[phase];
    if (typeof at === 'number' && at > now + CLOCK_TOLERANCE_MS)
      throw invalid(
        'outage.in-the-future',
        `${phase} (${iso(at)}) is after now (${iso(now)}): tell what has happened, when it has happened`,
      );
  }
  const { occurredAt, restoredAt } = report.says;
  if (typeof occurredAt === 'number' && typeof restoredAt === 'number' && restoredAt < occurredAt)
    throw invalid(
      'outage.ends-before-it-starts',
      `restoredAt (${iso(restoredAt)}) is before occurredAt (${iso(occurredAt)})`,
    );
};

const changeBetween = (before: Outage, after: Outage): OutageFact['type'] => {
  const changed = (claim: Claim) => claimOf(before, claim) !== claimOf(after, claim);
  const isNews = (claim: Claim) => changed(claim) && claimOf(before, claim) === null;
  if (Object.keys(before.beliefs).length === 0) return 'reported';
  if (stateOf(before) !== 'withdrawn' && stateOf(after) === 'withdrawn') return 'withdrawn';
  if (isNews('restoredAt')) return 'restored';
  if (changed('planned')) return 'reclassified';
  if (!(Object.keys(after.beliefs) as Claim[]).some(changed)) return 'confirmed';
  if (PHASES.some(isNews) && !PHASES.some((phase) => changed(phase) && !isNews(phase))) return 'phase-reached';
  return 'corrected';
};
