import type { FigureV1 } from '@underpin/contracts/availability/figure.v1';
import { allowanceOfKey, budgetMs, fullMs } from '@underpin/kernel/measure/allowance';
import { percentFloor } from '@underpin/kernel/measure/percent';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import { int, type Row } from '@underpin/platform/persistence/row';
import { lesserPercent, type RemedyTier } from '../agreements/remedy';
import type { Term } from '../agreements/term';
import { attainmentId, type Judged, type TargetAttainment } from './attainment';
import { achievedOf } from './figure';
import type { AchievedDto, AttainmentDto, ReachedTierDto, RevisionDto } from './attainments.dto';
import { attainmentOf, targetOf, type TargetRow } from './attainments.table';

/** An attainment with its term and the newest that was heard of its figure. */
export interface AttainmentRecord {
  readonly attainment: AttainmentDto;
  readonly term: Term;
  readonly figure: FigureV1;
}

export const ATTAINMENT_READ = `
  select a.*, f.data as figure, g.content -> 'terms' -> (a.term - 1) as agreed
  from attainment a
  join agreement g on g.reference = a.agreement
  join heard_figure f on f.key = a.figure_id`;

const SHOWN_DECIMALS = 4;

export const attainmentRecordOf = (row: Row): AttainmentRecord => {
  const { agreement, from, revision, judged } = attainmentOf(row);
  const [term, figure] = [row['agreed'] as Term, row['figure'] as FigureV1];
  const { clause, period, closed, ...said } = judged as Judged;
  const target = said.targets[0] as TargetAttainment;
  const down = BigInt(figure.downBpMs);
  const attainment: AttainmentDto = {
    id: attainmentId({ agreement, from }),
    ...clause,
    period: { ...period, from: iso(period.from), to: iso(period.to) },
    from: iso(from),
    to: iso(said.to),
    status: said.status,
    state: target.state,
    restatementPending: said.restatementPending,
    revision,
    required: target.required,
    achieved: achievedDto(figure.agreedMs, down),
    agreedMs: figure.agreedMs,
    downBpMs: figure.downBpMs,
    downMs: fullMs(down),
    budgetMs: budgetMs(figure.agreedMs, allowanceOfKey(target.allowance)),
    missedAt: isoOrNull(target.missedAt),
    declaredAt: isoOrNull(target.declaredAt),
    tier: tierDto(target.tier),
    creditPercent: creditPercent(target.tier, term.remedy?.cap ?? null),
    closed: closed === null ? null : { revision: closed.revision, at: iso(closed.at) },
    figure: { id: figure.id, revision: figure.revision, asOf: figure.asOf },
    version: int(row['version']),
    recordedAt: iso(int(row['recorded_at'])),
  };
  return { attainment, term, figure };
};

export const revisionDto = (row: Row): RevisionDto => {
  const target = targetOf((row['targets'] as TargetRow[])[0] as TargetRow);
  return {
    revision: row['revision'] as number,
    recordedAt: iso(int(row['recorded_at'])),
    because: (row['facts'] as string).split(' '),
    status: row['status'] as string,
    state: target.state,
    missedAt: isoOrNull(target.missedAt),
    tier: tierDto(target.tier),
    restatementPending: row['restatement_pending'] as boolean,
    figure: target.figure,
  };
};

const achievedDto = (agreedMs: number, down: bigint): AchievedDto | null => {
  const achieved = achievedOf(agreedMs, down);
  if (achieved === null) return null;
  const { num, den } = achieved;
  return { percent: percentFloor(num, den, SHOWN_DECIMALS), num: num.toString(), den: den.toString() };
};

const tierDto = (tier: RemedyTier | null): ReachedTierDto | null =>
  tier === null ? null : { below: tier.below, inclusive: tier.inclusive, percent: tier.credit };

const creditPercent = (tier: RemedyTier | null, cap: string | null): string => {
  if (tier === null) return '0';
  return cap === null ? tier.credit : lesserPercent(tier.credit, cap);
};

const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : iso(instant));
