import type { Tx } from '@underpin/platform/persistence/tx';
import { int, intOrNull, type Row } from '@underpin/platform/persistence/row';
import { subjectTable } from '@underpin/platform/persistence/subject-table';
import type { Instant } from '@underpin/kernel/time/instant';
import type { PeriodKind } from '@underpin/kernel/time/period';
import type { Figure, FigureContent, FigureFact, FigureStatus, RevisionCause } from './figure';
import { figurePublication } from './figures.publications';

export const figuresTable = subjectTable<string, Figure, FigureFact>({
  table: 'figure',
  keyColumns: ['id'],
  toKey: (id) => ({ id }),
  toRow: (figure) => ({ ...spanRow(figure), ...contentRow(figure) }),
  fromRow: (row) => figureOf(row),
  unheardOf: (id) => {
    throw new Error(`Figure ${id} was never opened`);
  },
  also: ({ after, facts, now }) => [
    {
      table: 'figure_revision',
      rows: facts.some((f) => f.type !== 'closing')
        ? [
            {
              figure_id: after.id,
              revision: after.revision,
              recorded_at: now,
              content: toJson(after.content),
              cause: after.cause,
            },
          ]
        : [],
    },
  ],
  publication: figurePublication,
});

/** Opens figures that are not there yet, without a revision: their first count publishes them. Gives those that are new. */
export const openFigures = async (tx: Tx, figures: readonly Figure[]): Promise<Figure[]> => {
  if (figures.length === 0) return [];
  const now = tx.clock.now();
  const rows = figures.map((figure) => ({
    id: figure.id,
    ...spanRow(figure),
    ...contentRow(figure),
    version: 1,
    recorded_at: now,
    reason: 'figure-revised',
    happened_at: now,
  }));
  const columns = Object.keys(rows[0] as object).join(', ');
  const opened = await tx.query<{ id: string }>(
    `insert into figure (${columns}) select ${columns} from jsonb_populate_recordset(null::figure, $1::jsonb) on conflict do nothing returning id`,
    [JSON.stringify(rows)],
  );
  const ids = new Set(opened.map((o) => o.id));
  return figures.filter((f) => ids.has(f.id));
};

/** The figures of a measure that a change inside [start, end] may alter. */
export const figuresTouching = async (tx: Tx, measureId: string, start: Instant, end: Instant): Promise<Figure[]> => {
  const rows = await tx.query(
    `select * from figure where measure_id = $1 and from_at <= $3 and to_at > $2 order by from_at, to_at`,
    [measureId, start, Number.isFinite(end) ? end : MAX_INSTANT],
  );
  return rows.map(figureOf);
};

/** Larger than every instant that the wire can carry. */
export const MAX_INSTANT = 9_007_199_254_740_991;

const spanRow = (figure: Figure): Row => ({
  measure_id: figure.measureId,
  service: figure.service,
  counted_party: figure.countedParty,
  from_at: figure.from,
  to_at: figure.to,
  period_kind: figure.period.kind,
  period_label: figure.period.label,
  period_from: figure.period.from,
  period_to: figure.period.to,
  zone: figure.period.zone,
  cutoff_at: figure.cutoffAt,
  historical: figure.historical,
  agreed_ms: figure.agreedMs,
});

const contentRow = (figure: Figure): Row => ({
  projected_bpms: figure.content.projected.toString(),
  down_bpms: figure.content.down.toString(),
  outages: figure.content.outages,
  episodes: figure.content.episodes,
  longest_ms: figure.content.longestMs,
  open_since: figure.content.open?.since ?? null,
  open_weight_bp: figure.content.open?.weightBp ?? null,
  crossings: toJson(figure.content).crossings,
  status: figure.status,
  revision: figure.revision,
  as_of: figure.asOf,
  cause: figure.cause,
  closed: figure.closed === null ? null : { ...figure.closed, content: toJson(figure.closed.content) },
});

interface ContentJson {
  readonly projected: string;
  readonly down: string;
  readonly outages: number;
  readonly episodes: number;
  readonly longestMs: number;
  readonly open: FigureContent['open'];
  readonly crossings: readonly {
    readonly allowance: string;
    readonly at: Instant | null;
    readonly down: string | null;
  }[];
}

const toJson = (content: FigureContent): ContentJson => ({
  ...content,
  projected: content.projected.toString(),
  down: content.down.toString(),
  crossings: content.crossings.map((c) => ({ ...c, down: c.down?.toString() ?? null })),
});

const fromJson = (content: ContentJson): FigureContent => ({
  ...content,
  projected: BigInt(content.projected),
  down: BigInt(content.down),
  crossings: content.crossings.map((c) => ({ ...c, down: c.down === null ? null : BigInt(c.down) })),
});

export const figureOf = (row: Row): Figure => {
  const openSince = intOrNull(row['open_since']);
  const closed = row['closed'] as { revision: number; at: Instant; content: ContentJson } | null;
  return {
    id: row['id'] as string,
    measureId: row['measure_id'] as string,
    service: row['service'] as string,
    countedParty: row['counted_party'] as string | null,
    from: int(row['from_at']),
    to: int(row['to_at']),
    period: {
      kind: row['period_kind'] as PeriodKind,
      zone: row['zone'] as string,
      label: row['period_label'] as string,
      from: int(row['period_from']),
      to: int(row['period_to']),
    },
    cutoffAt: int(row['cutoff_at']),
    historical: row['historical'] as boolean,
    agreedMs: int(row['agreed_ms']),
    content: fromJson({
      projected: row['projected_bpms'] as string,
      down: row['down_bpms'] as string,
      outages: row['outages'] as number,
      episodes: row['episodes'] as number,
      longestMs: int(row['longest_ms']),
      open: openSince === null ? null : { since: openSince, weightBp: row['open_weight_bp'] as number },
      crossings: row['crossings'] as ContentJson['crossings'],
    }),
    status: row['status'] as FigureStatus,
    revision: row['revision'] as number,
    asOf: int(row['as_of']),
    cause: row['cause'] as RevisionCause,
    closed: closed === null ? null : { ...closed, content: fromJson(closed.content) },
  };
};
