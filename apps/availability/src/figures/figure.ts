import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import type { BpMs } from '@underpin/kernel/measure/weight-steps';
import type { Instant } from '@underpin/kernel/time/instant';
import { totalLength, type Interval } from '@underpin/kernel/time/interval';
import type { Period } from '@underpin/kernel/time/period';

/** When a watched allowance is used up, and the downtime at that instant; both null if not in this period. */
export interface Crossing {
  readonly allowance: string;
  readonly at: Instant | null;
  readonly down: BpMs | null;
}

/** What was counted over a figure's span. */
export interface FigureContent {
  /** Downtime of the whole span in bp·ms, what is still down projected to go on to its end. */
  readonly projected: BpMs;
  /** Downtime until it was counted: the projection without what has not happened yet. */
  readonly down: BpMs;
  /** Outages that began in the span, overlapping ones and those without length too. */
  readonly outages: number;
  /** Episodes that began in the span. */
  readonly episodes: number;
  /** Longest episode, in ms of agreed time. */
  readonly longestMs: number;
  /** What is still down: since when at this weight. */
  readonly open: { readonly since: Instant; readonly weightBp: number } | null;
  readonly crossings: readonly Crossing[];
}

export type FigureStatus = 'open' | 'closing' | 'closed';

/** Availability of one measure over [from, to): the period, clipped to the term and to the life of the service. */
export interface Figure {
  readonly id: string;
  readonly measureId: string;
  readonly service: string;
  /** Only outages of this party are counted; null: any. */
  readonly countedParty: string | null;
  readonly from: Instant;
  readonly to: Instant;
  readonly period: Period;
  /** End of the period and grace: what is accepted until then is in the closed revision. */
  readonly cutoffAt: Instant;
  /** Its cutoff lay before the measure existed: closed by command only. */
  readonly historical: boolean;
  readonly agreedMs: number;
  readonly content: FigureContent;
  readonly status: FigureStatus;
  readonly revision: number;
  readonly asOf: Instant;
  /** Why this revision came about. */
  readonly cause: RevisionCause;
  /** What the closed revision says: it never changes, whatever is heard later. */
  readonly closed: { readonly revision: number; readonly at: Instant; readonly content: FigureContent } | null;
}

export type RevisionCause = 'opened' | 'outages-changed' | 'watch-changed' | 'closed';

export interface FigureFact {
  readonly type: 'revised' | 'closing' | 'closed';
}

export const NOTHING_COUNTED: FigureContent = {
  projected: 0n,
  down: 0n,
  outages: 0,
  episodes: 0,
  longestMs: 0,
  open: null,
  crossings: [],
};

/** The figure was counted again. Without a difference, or at its first count, nothing but that is said. */
export const recounted = (
  figure: Figure,
  content: FigureContent,
  cause: RevisionCause,
  now: Instant,
): Decision<Figure, FigureFact> =>
  figure.revision > 0 && sameContent(figure.content, content)
    ? unchanged(figure)
    : decided({ ...figure, content, cause, revision: figure.revision + 1, asOf: now }, [{ type: 'revised' }]);

/** The cutoff has come: from now on the figure waits for what was accepted before it. */
export const startClosing = (figure: Figure): Decision<Figure, FigureFact> =>
  figure.status === 'open' ? decided({ ...figure, status: 'closing' }, [{ type: 'closing' }]) : unchanged(figure);

/** What is counted now is what counts. A closed figure stays as it was closed. */
export const close = (figure: Figure, now: Instant): Decision<Figure, FigureFact> => {
  if (figure.status === 'closed') return unchanged(figure);
  const revision = figure.revision + 1;
  return decided(
    {
      ...figure,
      status: 'closed',
      revision,
      cause: 'closed',
      asOf: now,
      closed: { revision, at: now, content: figure.content },
    },
    [{ type: 'closed' }],
  );
};

/** Closed, and what is known since then says something else: no money moves by it yet. */
export const restatementPending = ({ closed, content }: Figure): boolean =>
  closed !== null && !(sameCount(closed.content, content) && sameCrossings(closed.content, content));

/**
 * What the figure stands for: once closed, its closed content. What came to be watched only later has its crossings from what is
 * counted now.
 */
export const standing = ({ closed, content }: Figure): FigureContent => {
  if (closed === null) return content;
  const watched = new Set(closed.content.crossings.map((c) => c.allowance));
  const later = content.crossings.filter((c) => !watched.has(c.allowance));
  return { ...closed.content, crossings: [...closed.content.crossings, ...later] };
};

/** Downtime up to an instant, in bp·ms: the projection without what has not happened yet. */
export const downUntil = (
  { projected, open }: Pick<FigureContent, 'projected' | 'open'>,
  agreed: readonly Interval[],
  at: Instant,
): BpMs => {
  if (open === null) return projected;
  const ahead = agreed
    .map(({ start, end }) => ({ start: Math.max(start, open.since, at), end }))
    .filter(({ start, end }) => start < end);
  return projected - BigInt(totalLength(ahead)) * BigInt(open.weightBp);
};

const sameContent = (a: FigureContent, b: FigureContent): boolean =>
  sameCount(a, b) && a.crossings.length === b.crossings.length && sameCrossings(a, b);

const sameCount = (a: FigureContent, b: FigureContent): boolean =>
  a.projected === b.projected &&
  a.outages === b.outages &&
  a.episodes === b.episodes &&
  a.longestMs === b.longestMs &&
  a.open?.since === b.open?.since &&
  a.open?.weightBp === b.open?.weightBp;

/** Whether all that `a` watches is crossed at the same instants in `b`. */
const sameCrossings = (a: FigureContent, b: FigureContent): boolean => {
  const inB = new Map(b.crossings.map((c) => [c.allowance, c.at]));
  return a.crossings.every(({ allowance, at }) => inB.get(allowance) === at);
};
