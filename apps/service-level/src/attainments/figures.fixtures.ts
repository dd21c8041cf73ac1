import { allowanceOf, shareOf } from '@underpin/kernel/measure/allowance';
import { crossings } from '@underpin/kernel/measure/crossing';
import { downBpMs } from '@underpin/kernel/measure/downtime';
import { weightSteps } from '@underpin/kernel/measure/weight-steps';
import { iso } from '@underpin/kernel/time/instant';
import { periodFromLabel } from '@underpin/kernel/time/period';
import type { FigureV1 } from '@underpin/contracts/availability/figure.v1';
import { contentOf } from '../agreements/agreement';
import { proposal } from '../agreements/proposals.fixtures';
import { criteriaOf, type Criteria } from './criteria';
import type { Figure } from './figure';

/** October 2026 in Berlin: 31 days and an hour, as its clocks go back. */
export const OCTOBER = periodFromLabel('2026-10', 'Europe/Berlin');
export const TERM = contentOf(proposal()).terms[0]!;
export const CRITERIA: Criteria = criteriaOf(TERM);

/** The allowances of the sample agreement: 99.9 % with tiers below 99.9 and 99.0, at risk at three quarters. */
export const WATCH = [allowanceOf('99.9'), allowanceOf('99.0'), shareOf(allowanceOf('99.9'), '0.75')];
export const [TARGET, DEEP_TIER, AT_RISK] = WATCH.map(({ key }) => key) as [string, string, string];

export const figureIdOf = (measureId: string, from: number, to: number): string =>
  `${measureId}/${iso(from)}/${iso(to)}`;

/** A figure of October with nothing down; `but` says what is different. */
export const figure = (but: Partial<Figure> = {}): Figure => {
  const { from, to } = { ...OCTOBER, ...but };
  return {
    id: figureIdOf(TERM.measureId, from, to),
    revision: 1,
    measureId: TERM.measureId,
    service: 'payroll',
    period: OCTOBER,
    from,
    to,
    agreedMs: to - from,
    downBpMs: 0n,
    crossings: new Map(WATCH.map(({ key }) => [key, null])),
    status: 'open',
    restatementPending: false,
    ...but,
  };
};

/** The figure of October with one outage; `until` null: still down. */
export const figureWithOutage = (since: number, until: number | null, but: Partial<Figure> = {}): Figure => {
  const span = { start: OCTOBER.from, end: OCTOBER.to };
  const steps = weightSteps([{ id: 'outage', start: since, end: until, weightBp: 10_000 }]);
  const found = crossings(steps, [span], span.end - span.start, WATCH);
  return figure({
    downBpMs: downBpMs(steps, [span]),
    crossings: new Map(WATCH.map(({ key }, i) => [key, found[i] ?? null])),
    ...but,
  });
};

/** The same as Availability tells it. */
export const told = (of: Figure, version: number, but: Partial<FigureV1> = {}): FigureV1 => ({
  id: of.id,
  version,
  recordedAt: iso(of.from),
  measureId: of.measureId,
  service: of.service,
  countedParty: null,
  period: { ...of.period, from: iso(of.period.from), to: iso(of.period.to) },
  from: iso(of.from),
  to: iso(of.to),
  historical: false,
  status: of.status,
  agreedMs: of.agreedMs,
  downBpMs: of.downBpMs.toString(),
  outages: 1,
  episodes: 1,
  longestMs: 0,
  mtrsMs: null,
  mtbfMs: null,
  open: null,
  crossings: [...of.crossings].map(([allowance, at]) => ({ allowance, at: at === null ? null : iso(at) })),
  revision: of.revision,
  asOf: iso(of.from),
  cause: 'outages-changed',
  closed: of.status === 'closed' ? { revision: of.revision, at: iso(of.to) } : null,
  restatementPending: of.restatementPending,
  ...but,
});
