import { createHash } from 'node:crypto';
import { canonicalJson } from '@underpin/kernel/canonical-json';
import { invalid } from '@underpin/kernel/errors';
import { instantOf, type Instant } from '@underpin/kernel/time/instant';
import { PHASES, type Claims, type OutageReport } from './outage';

/** The words of a report as both doors bring them: instants as text; absent says nothing, null takes back. */
export interface ToldReport {
  readonly source: string;
  readonly externalId: string;
  readonly sequence?: number | null;
  readonly toldAt?: string | null;
  readonly service?: string | null;
  readonly component?: string | null;
  readonly occurredAt?: string | null;
  readonly detectedAt?: string | null;
  readonly reportedAt?: string | null;
  readonly diagnosedAt?: string | null;
  readonly repairedAt?: string | null;
  readonly recoveredAt?: string | null;
  readonly restoredAt?: string | null;
  readonly weight?: number | null;
  readonly cause?: string | null;
  readonly party?: string | null;
  readonly planned?: boolean | null;
  readonly users?: number | null;
  readonly withdrawn?: boolean | null;
}

/** The earliest instant that can be told: before it nobody measured services. */
const EARLIEST = Date.UTC(2000, 0, 1);

/**
 * Reads a telling. Its id is the SHA-256 of its canonical body, so that the same words are the same report, however often they come.
 *
 * @throws DomainError invalid `outage.order-missing`, `outage.says-nothing`, `outage.too-early`, `instant.…`
 */
export const reportOf = (told: ToldReport): OutageReport => {
  const says: Partial<Record<keyof Claims, Claims[keyof Claims]>> = {};
  for (const phase of PHASES) if (told[phase] !== undefined) says[phase] = instantOrNull(phase, told[phase]);
  for (const claim of ['service', 'component', 'cause', 'party', 'planned', 'users', 'withdrawn'] as const)
    if (told[claim] !== undefined) says[claim] = told[claim];
  if (told.weight !== undefined) says.weightBp = told.weight;

  const sequence = told.sequence ?? null;
  const toldAt = told.toldAt == null ? null : instantOf(told.toldAt);
  if (sequence === null && toldAt === null)
    throw invalid(
      'outage.order-missing',
      'Say which telling has the last word: give toldAt (when the source said so) or sequence',
    );
  if (Object.keys(says).length === 0)
    throw invalid(
      'outage.says-nothing',
      'This telling says nothing about the outage: give at least one of service, occurredAt, restoredAt, …',
    );

  const { source, externalId } = told;
  const id = createHash('sha256').update(canonicalJson({ sequence, toldAt, says })).digest('hex');
  return { source, externalId, order: { sequence, toldAt, id }, says: says as Partial<Claims> };
};

const instantOrNull = (phase: string, text: string | null): Instant | null => {
  if (text === null) return null;
  const at = instantOf(text);
  if (at < EARLIEST)
    throw invalid('outage.too-early', `${phase} (${text}) is before the year 2000: give the time at which it happened`);
  return at;
};
