import { setTimeout as pause } from 'node:timers/promises';
import { iso } from '@underpin/kernel/time/instant';
import type { Plan, PlayedPeriod, PlayedService } from './plan';
import type { Platform } from './platform';
import { Refusal } from './refusal';
import type { AttainmentOnTheWire, FigureOnTheWire, ObligationOnTheWire } from './wire';

/** What the platform makes of one period of one service. */
export interface Settled {
  readonly period: PlayedPeriod;
  readonly attainment: AttainmentOnTheWire;
  readonly figure: FigureOnTheWire;
  readonly obligation: ObligationOnTheWire | undefined;
}

/** Given up when nothing of a service has changed for so long. */
const PATIENCE_MS = 120_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** Figures of periods that are not over yet have been counted when they stand still for so long. */
const STILL_MS = 1_500;

/**
 * Closes the history of one service by command and waits until it has gone down the chain: figures closed, attainments closed,
 * credits settled. Periods that are not over yet stay open, and are read when they stand still.
 *
 * @throws Refusal that says what did not come
 */
export const settle = async (platform: Platform, plan: Plan, service: PlayedService): Promise<Settled[]> => {
  const measured = await until(() => measuredPeriods(platform, plan, service));
  await closeHistory(platform, plan, service);
  const found = await until(() => chainOf(platform, plan, service, measured));
  return plan.periods.some(({ ended }) => !ended) ? standingStill(platform, plan, service, found) : found;
};

/** What has been reached by now: all of it, or in words what is missing. `seen` changes whenever anything has moved. */
type Look<T> = { readonly all: T } | { readonly missing: string; readonly seen: string };

const until = async <T>(look: () => Promise<Look<T>>): Promise<T> => {
  let [seen, since] = ['', performance.now()];
  for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    const looked = await look();
    if ('all' in looked) return looked.all;
    if (looked.seen !== seen) [seen, since] = [looked.seen, performance.now()];
    if (performance.now() - since > PATIENCE_MS)
      throw new Refusal(
        `${looked.missing}, and nothing of it has changed for ${PATIENCE_MS / 1_000} s: is a process down (GET /health/ready), or a message in the dead letters (GET /<service>/admin/dead-letters)? The same replay goes on from here.`,
      );
    await pause(pauseMs);
  }
};

/** The figure of each period, once service level has heard of it: availability measures what was agreed. */
const measuredPeriods = async (
  platform: Platform,
  plan: Plan,
  service: PlayedService,
): Promise<Look<ReadonlySet<string>>> => {
  const attainments = await attainmentsOf(platform, service);
  const known = plan.periods.flatMap((period) => attainments.find(concerns(period))?.figure.id ?? []);
  return known.length === plan.periods.length
    ? { all: new Set(known) }
    : {
        missing: `"${service.name}" has attainments for ${known.length} of ${plan.periods.length} periods`,
        seen: String(known.length),
      };
};

const closeHistory = async (platform: Platform, { periods }: Plan, { slug }: PlayedService): Promise<void> => {
  const through = periods.findLast(({ ended }) => ended)?.to;
  if (through === undefined) return;
  await platform.send({
    method: 'POST',
    path: `availability/services/${slug}/periods/close?through=${encodeURIComponent(iso(through))}`,
    awaitsHearing: true,
  });
};

/** Everything that there is to say about each period, once the ended ones are closed and settled. */
const chainOf = async (
  platform: Platform,
  plan: Plan,
  service: PlayedService,
  figureIds: ReadonlySet<string>,
): Promise<Look<Settled[]>> => {
  const [figures, attainments, obligations] = await Promise.all([
    platform.list<FigureOnTheWire>(`availability/figures?service=${service.slug}`, 'figures'),
    attainmentsOf(platform, service),
    platform.list<ObligationOnTheWire>(`financial/obligations?agreement=${service.agreement}`, 'obligations'),
  ]);
  const played = figures.filter(({ id }) => figureIds.has(id));
  const found = plan.periods.map((period) => ({
    period,
    figure: played.find(concerns(period)),
    attainment: attainments.find(concerns(period)),
    obligation: obligations.find(concerns(period)),
  }));
  const waiting = found.map((one) => ({ ...one, lacks: lackOf(one) })).filter(({ lacks }) => lacks !== null);
  if (waiting.length === 0) return { all: found as Settled[] };
  // The command closes nothing twice, so it is given again where it came too early.
  if (waiting.some(({ period, figure }) => period.ended && figure?.status === 'open'))
    await closeHistory(platform, plan, service);
  const [{ period, lacks }] = waiting as [(typeof waiting)[number]];
  return {
    missing: `"${service.name}" waits for ${waiting.length} of ${found.length} periods: in ${period.label}, ${lacks ?? ''}`,
    seen: JSON.stringify(waiting.map(({ lacks: what, figure }) => [what, figure?.revision])),
  };
};

/** In words what a period still waits for; null: nothing. */
const lackOf = ({
  period,
  figure,
  attainment,
  obligation,
}: Partial<Settled> & Pick<Settled, 'period'>): string | null => {
  if (figure === undefined) return 'availability does not show its figure';
  if (attainment === undefined) return 'service level does not show its attainment';
  if (!period.ended) return null;
  if (figure.status !== 'closed') return `the figure is ${figure.status}`;
  if (attainment.status !== 'closed') return 'the figure is closed and the attainment is not';
  if (obligation === undefined) return owes(attainment) ? 'the credit has no obligation' : null;
  if (obligation.status === 'waiting')
    return `the obligation waits for ${JSON.stringify(obligation.waitingFor ?? 'something')}`;
  return obligation.status === 'accrued' ? 'the credit is not settled' : null;
};

const owes = ({ creditPercent }: AttainmentOnTheWire): boolean => Number(creditPercent) > 0;

/** Reads on until the open periods have not moved for a while: what was reported has been counted, and judged. */
const standingStill = async (
  platform: Platform,
  plan: Plan,
  service: PlayedService,
  first: Settled[],
): Promise<Settled[]> => {
  const figureIds = new Set(first.map(({ figure }) => figure.id));
  const revisions = (all: readonly Settled[]) =>
    JSON.stringify(all.map(({ figure, attainment }) => [figure.revision, attainment.state]));
  let latest = first;
  for (let since = performance.now(); performance.now() - since < STILL_MS;) {
    await pause(SHORTEST_PAUSE_MS);
    const now = await until(() => chainOf(platform, plan, service, figureIds));
    if (revisions(now) !== revisions(latest)) since = performance.now();
    latest = now;
  }
  return latest;
};

const attainmentsOf = (platform: Platform, { agreement }: PlayedService): Promise<AttainmentOnTheWire[]> =>
  platform.list<AttainmentOnTheWire>(`service-level/attainments?agreement=${agreement}`, 'attainments');

const concerns =
  ({ from }: PlayedPeriod) =>
  (one: { readonly from: string }): boolean =>
    Date.parse(one.from) === from;
