import type { MeasureDefinition } from '@underpin/kernel/measure/measure-id';
import type { Interval } from '@underpin/kernel/time/interval';
import type { Tx } from '@underpin/platform/persistence/tx';
import { int, intOrNull, json, type Row } from '@underpin/platform/persistence/row';
import type { Measure, MeasuredTerm } from './measure';

const measureFrom = (row: Row): Measure => ({
  id: row['id'] as string,
  service: row['service'] as string,
  definition: row['definition'] as MeasureDefinition,
  createdAt: int(row['created_at']),
});

export const measuresOf = async (tx: Tx, service: string): Promise<Measure[]> =>
  (await tx.query('select * from measure where service = $1 order by id', [service])).map(measureFrom);

export const measureById = async (tx: Tx, id: string): Promise<Measure | undefined> =>
  (await tx.query('select * from measure where id = $1', [id])).map(measureFrom)[0];

/** Keeps the measure if it is new, and gives it as it is kept. */
export const keepMeasure = async (tx: Tx, measure: Measure): Promise<Measure> => {
  await tx.query(
    'insert into measure (id, service, definition, created_at) values ($1, $2, $3, $4) on conflict do nothing',
    [measure.id, measure.service, json(measure.definition), measure.createdAt],
  );
  return (await measureById(tx, measure.id)) as Measure;
};

/** Keys of the allowances to watch on a measure: the distinct union over the agreements that share it. */
export const watchOf = async (tx: Tx, measureId: string): Promise<string[]> =>
  (
    await tx.query<{ key: string }>('select distinct key from watched_allowance where measure_id = $1 order by key', [
      measureId,
    ])
  ).map((r) => r.key);

/** Says what an agreement watches on a measure. True if the union has grown. */
export const watch = async (tx: Tx, { measureId, agreement, allowances }: MeasuredTerm): Promise<boolean> => {
  const [row] = await tx.query<{ grown: string }>(
    `with wanted as (select unnest($3::text[]) as key),
     missing as (select key from wanted w where not exists (select 1 from watched_allowance a where a.measure_id = $1 and a.key = w.key)),
     kept as (insert into watched_allowance (measure_id, agreement, key) select $1, $2, key from wanted on conflict do nothing)
     select count(*) as grown from missing`,
    [measureId, agreement, allowances.map((a) => a.key)],
  );
  return int(row?.grown ?? 0) > 0;
};

/** Says which stretch of an agreement a measure serves. */
export const keepTerm = (tx: Tx, { measureId, agreement, effective }: MeasuredTerm): Promise<number> =>
  tx.append('measured_term', [
    {
      measure_id: measureId,
      agreement,
      from_at: effective.start,
      to_at: effective.end === Infinity ? null : effective.end,
    },
  ]);

/** The different stretches that a measure serves. */
export const stretchesOf = async (tx: Tx, measureId: string): Promise<Interval[]> => {
  const rows = await tx.query(
    'select distinct from_at, to_at from measured_term where measure_id = $1 order by from_at',
    [measureId],
  );
  return rows.map((row) => ({ start: int(row['from_at']), end: intOrNull(row['to_at']) ?? Infinity }));
};
