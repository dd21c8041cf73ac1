import { figures, type FigureV1 } from '@underpin/contracts/availability/figure.v1';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { restatementPending, type Figure, type FigureFact } from './figure';
import { figureSummary } from './figure-summary';

type Reason = (typeof figures.reasons)[number];

/** A figure that only waits for its barrier says nothing new; one that was closed before says from now on that more is known. */
const telling = ([fact]: readonly FigureFact[], figure: Figure): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'revised':
      return { reason: restatementPending(figure) ? 'figure-restated' : 'figure-revised', time: figure.asOf };
    case 'closing':
      return null;
    case 'closed':
      return { reason: 'figure-closed', time: figure.to };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = (figure: Figure, { version, recordedAt }: RowVersion): FigureV1 => {
  const { period, closed } = figure;
  const read = figureSummary(figure);
  return {
    id: figure.id,
    version,
    recordedAt: iso(recordedAt),
    measureId: figure.measureId,
    service: figure.service,
    countedParty: figure.countedParty,
    period: { kind: period.kind, zone: period.zone, label: period.label, from: iso(period.from), to: iso(period.to) },
    from: iso(figure.from),
    to: iso(figure.to),
    historical: figure.historical,
    status: figure.status,
    agreedMs: figure.agreedMs,
    downBpMs: read.down.toString(),
    outages: read.content.outages,
    episodes: read.content.episodes,
    longestMs: read.content.longestMs,
    mtrsMs: read.mtrsMs,
    mtbfMs: read.mtbfMs,
    open:
      read.content.open === null ? null : { since: iso(read.content.open.since), weightBp: read.content.open.weightBp },
    crossings: read.content.crossings.map(({ allowance, at }) => ({ allowance, at: at === null ? null : iso(at) })),
    revision: figure.revision,
    asOf: iso(figure.asOf),
    cause: figure.cause,
    closed: closed === null ? null : { revision: closed.revision, at: iso(closed.at) },
    restatementPending: restatementPending(figure),
  };
};

export const figurePublication: Publication<Figure, FigureFact, FigureV1, Reason> = {
  subject: figures,
  telling,
  snapshot,
};
