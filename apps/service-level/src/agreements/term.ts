import { invalid, shown } from '@underpin/kernel/errors';
import { allowanceOf, shareOf, type Allowance } from '@underpin/kernel/measure/allowance';
import { measureId } from '@underpin/kernel/measure/measure-id';
import { DEFAULT_POLICY, type MeasuringPolicy } from '@underpin/kernel/measure/policy';
import type { CalendarDefinition } from '@underpin/kernel/time/calendar';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import { addDuration } from '@underpin/kernel/time/period';
import { plausible } from '../catalogue/plausible';
import type { Proposal, Sides } from './proposal';
import { remedyOf, type Remedy } from './remedy';

/** What was promised of one figure. */
export interface Target {
  readonly key: string;
  readonly kind: 'availability';
  /** In percent. */
  readonly required: string;
  /** Key of its allowance: 1 − required. */
  readonly allowance: string;
  /** Key of the share of it at which the target is at risk; null: it allows nothing, so that nothing can be nearly used up. */
  readonly atRisk: string | null;
}

/** [from, to); `to` null: until further notice. */
export interface Effective {
  readonly from: Instant;
  readonly to: Instant | null;
}

/** A stretch of an agreement with fixed content: all that is needed to measure and to pay. */
export interface Term {
  readonly number: number;
  readonly effective: Effective;
  readonly calendar: CalendarDefinition;
  readonly reportingPeriod: 'month' | 'quarter';
  readonly policy: MeasuringPolicy;
  /** Only outages of this party count; null: any. */
  readonly countedParty: string | null;
  readonly grace: string;
  readonly restatementWindow: string;
  readonly measureId: string;
  readonly allowances: readonly Allowance[];
  readonly targets: readonly Target[];
  readonly remedy: Remedy | null;
}

const DEFAULT_RESTATEMENT_WINDOW = 'P12M';
/** Share of the budget at which a target is at risk. */
const AT_RISK_SHARE = '0.75';
const LONGEST_GRACE_DAYS = 366;
const DAY_MS = 86_400_000;

/**
 * The term that a proposal comes to, in full.
 *
 * @throws DomainError invalid `target.…`, `remedy.…`, `tier.…`, `tiers.…`, `zone.unknown`, `calendar.not-yet`,
 *   `reporting-period.not-yet`, `effective.empty`, `effective.implausible`, `grace.too-long`
 */
export const termOf = (proposal: Proposal, sides: Sides): Term => {
  const { service, zone, grace } = proposal;
  const calendar: CalendarDefinition = { zone, weekly: hoursOf(proposal.serviceHours) };
  const reportingPeriod = reportingPeriodOf(proposal.reportingPeriod);
  const effective = effectiveOf(proposal.effective);
  const countedParty = sides.provider;
  const target = allowanceOf(proposal.availability);
  const atRisk = target.num > 0 ? shareOf(target, AT_RISK_SHARE) : null;
  const remedy = proposal.remedy === null ? null : remedyOf(proposal.remedy, proposal.availability);
  const counted = countedParty === null ? 'any' : { only: countedParty };
  const policy = DEFAULT_POLICY;
  const id = measureId({ service, counted, calendar, policy, reportingPeriod, grace });
  checkGrace(grace, effective.from, zone);
  return {
    number: 1,
    effective,
    calendar,
    reportingPeriod,
    policy,
    countedParty,
    grace,
    restatementWindow: DEFAULT_RESTATEMENT_WINDOW,
    measureId: id,
    allowances: distinct([
      target,
      ...(remedy?.tiers.map((tier) => tier.watched) ?? []),
      ...(atRisk === null ? [] : [atRisk]),
    ]),
    targets: [
      {
        key: 'availability',
        kind: 'availability',
        required: proposal.availability,
        allowance: target.key,
        atRisk: atRisk?.key ?? null,
      },
    ],
    remedy: remedy === null ? null : { ...remedy, tiers: remedy.tiers.map(({ watched: _, ...tier }) => tier) },
  };
};

const distinct = (allowances: readonly Allowance[]): Allowance[] => [
  ...new Map(allowances.map((allowance) => [allowance.key, allowance])).values(),
];

const hoursOf = (given: unknown): '24x7' => {
  if (given === '24x7') return given;
  throw invalid(
    'calendar.not-yet',
    `serviceHours is ${shown(given)}: only "24x7" can be agreed at present; leave the field out or send that`,
  );
};

const reportingPeriodOf = (given: string): Term['reportingPeriod'] => {
  if (given === 'month' || given === 'quarter') return given;
  throw invalid(
    'reporting-period.not-yet',
    `reportingPeriod is ${shown(given)}: only "month" and "quarter" can be agreed at present`,
  );
};

const effectiveOf = ({ from, to }: Effective): Effective => {
  plausible(from, 'effective.from', 'effective.implausible');
  if (to === null) return { from, to };
  plausible(to, 'effective.to', 'effective.implausible');
  if (to <= from)
    throw invalid(
      'effective.empty',
      `effective.to (${iso(to)}) is not after effective.from (${iso(from)}): give a later end, or none`,
    );
  return { from, to };
};

const checkGrace = (grace: string, from: Instant, zone: string): void => {
  if (addDuration(from, grace, zone) - from > LONGEST_GRACE_DAYS * DAY_MS)
    throw invalid('grace.too-long', `grace is "${grace}": give at most a year, such as "P7D"`);
};
