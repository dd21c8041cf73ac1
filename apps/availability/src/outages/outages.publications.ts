import { outages, type OutageV1 } from '@underpin/contracts/availability/outage.v1';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { claimOf, PHASES, startOf, stateOf, weightOf, type Outage, type OutageFact } from './outage';

type Reason = (typeof outages.reasons)[number];

const reasons = {
  reported: 'outage-reported',
  'phase-reached': 'outage-phase-reached',
  restored: 'outage-restored',
  corrected: 'outage-corrected',
  withdrawn: 'outage-withdrawn',
  reclassified: 'outage-reclassified',
} as const satisfies Record<Exclude<OutageFact['type'], 'confirmed'>, Reason>;

/** A fact about an outage, and what the world is told. That somebody repeated himself is nobody's news. */
const telling = ([fact]: readonly OutageFact[], outage: Outage): Telling<Reason> | null =>
  fact === undefined || fact.type === 'confirmed'
    ? null
    : { reason: reasons[fact.type], time: happenedAt(fact, outage) };

const happenedAt = (fact: OutageFact, outage: Outage): Instant =>
  (fact.type === 'restored' ? claimOf(outage, 'restoredAt') : null) ?? fact.report.order.toldAt ?? startOf(outage) ?? 0;

const snapshot = (outage: Outage, { version, recordedAt }: RowVersion): OutageV1 => ({
  id: outage.id,
  version,
  recordedAt: iso(recordedAt),
  source: outage.source,
  externalId: outage.externalId,
  status: stateOf(outage),
  service: claimOf(outage, 'service'),
  component: claimOf(outage, 'component'),
  cause: claimOf(outage, 'cause'),
  party: claimOf(outage, 'party'),
  planned: claimOf(outage, 'planned') ?? false,
  weightBp: weightOf(outage),
  users: claimOf(outage, 'users'),
  ...phasesOf(outage),
});

/** Each phase as text; null: not reached, or not told. */
export const phasesOf = (outage: Outage): Record<(typeof PHASES)[number], string | null> =>
  Object.fromEntries(
    PHASES.map((phase) => {
      const at = claimOf(outage, phase);
      return [phase, at === null ? null : iso(at)];
    }),
  ) as Record<(typeof PHASES)[number], string | null>;

export const outagePublication: Publication<Outage, OutageFact, OutageV1, Reason> = {
  subject: outages,
  telling,
  snapshot,
};
