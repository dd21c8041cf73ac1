import type { FigureV1 } from '@underpin/contracts/availability/figure.v1';
import { instantOf, type Instant } from '@underpin/kernel/time/instant';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import type { Effective } from '../agreements/term';
import type { Figure } from '../attainments/figure';

/** Availability's figures, as it last told them. */
export const heardFigures = heardTable<FigureV1>({
  table: 'heard_figure',
  columns: ({ measureId, service, from, to }) => ({
    measure_id: measureId,
    service,
    from_at: instantOf(from),
    to_at: instantOf(to),
  }),
});

export const figureOf = (told: FigureV1): Figure => ({
  id: told.id,
  revision: told.revision,
  measureId: told.measureId,
  service: told.service,
  period: { ...told.period, from: instantOf(told.period.from), to: instantOf(told.period.to) },
  from: instantOf(told.from),
  to: instantOf(told.to),
  agreedMs: told.agreedMs,
  downBpMs: BigInt(told.downBpMs),
  crossings: new Map(
    told.crossings.map(({ allowance, at }): [string, Instant | null] => [
      allowance,
      at === null ? null : instantOf(at),
    ]),
  ),
  status: told.status === 'closed' ? 'closed' : 'open',
  restatementPending: told.restatementPending,
});

/**
 * The newest that we have heard of a figure, locked: whoever judges it next waits. Does not wait itself: `busy` while another takes in
 * a newer one; null if we have not heard of it.
 */
export const figureUnlessBusy = async (tx: Tx, id: string): Promise<Figure | 'busy' | null> => {
  const [row] = await tx.query<{ data: FigureV1 }>(
    'select data from heard_figure where key = $1 for no key update skip locked',
    [id],
  );
  if (row !== undefined) return figureOf(row.data);
  return (await tx.query('select 1 from heard_figure where key = $1', [id])).length > 0 ? 'busy' : null;
};

/** What we have heard of a measure in the time of a term. */
export const figuresHeard = async (tx: Tx, measureId: string, { from, to }: Effective): Promise<Figure[]> => {
  const rows = await tx.query<{ data: FigureV1 }>(
    `select data from heard_figure where measure_id = $1 and to_at > $2 and ($3::int8 is null or from_at < $3) order by from_at, to_at`,
    [measureId, from, to],
  );
  return rows.map((row) => figureOf(row.data));
};
