import type { Episode } from '@underpin/kernel/measure/episodes';
import type { EpisodeDowntime } from '@underpin/kernel/measure/downtime';
import type { BpMs, OutageSpan, WeightStep } from '@underpin/kernel/measure/weight-steps';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Interval } from '@underpin/kernel/time/interval';
import type { Tx } from '@underpin/platform/persistence/tx';
import { int, intOrNull, type Row } from '@underpin/platform/persistence/row';
import type { StepReader } from './step-reader';
import { MAX_INSTANT } from './figures.table';

/** How many episodes a walk to a crossing reads at a time. */
const PORTION = 32;

const finite = (at: Instant): Instant => (at === Infinity ? MAX_INSTANT : at === -Infinity ? -MAX_INSTANT : at);

/**
 * The episodes of a measure that lie in an interval, touch it or come within `rejoinMs` of it. Episodes are disjoint, so only the
 * last one that begins before the interval can reach into it: two index probes, however many there are.
 */
export const episodesNear = async (
  tx: Tx,
  measureId: string,
  { start, end }: Interval,
  rejoinMs: number,
): Promise<Episode[]> => {
  const rows = await tx.query(
    `(select * from episode where measure_id = $1 and starts < $2 order by starts desc limit 1)
     union all (select * from episode where measure_id = $1 and starts >= $2 and starts <= $3 order by starts)`,
    [measureId, finite(start), finite(end + rejoinMs)],
  );
  return rows.map(episodeOf).filter((episode) => episode.end + rejoinMs >= start);
};

/** The measurable outages of a service that overlap or touch an interval; `only`: those that this party is responsible for. */
export const outagesTouching = async (
  tx: Tx,
  service: string,
  { start, end }: Interval,
  only: string | null,
): Promise<OutageSpan[]> => {
  const rows = await tx.query(
    `select id, starts, ends, weight_bp from outage
     where service = $1 and state = 'measurable' and span && int8range($2, $3, '[]') and ($4::text is null or party = $4)`,
    [service, finite(start) - 1, end === Infinity ? null : end, only],
  );
  return rows.map((row) => ({
    id: row['id'] as string,
    start: int(row['starts']),
    end: intOrNull(row['ends']),
    weightBp: row['weight_bp'] as number,
  }));
};

/** Puts the episodes of an interval in the place of those that were there. */
export const replaceEpisodes = async (
  tx: Tx,
  measureId: string,
  before: readonly Episode[],
  after: readonly Episode[],
): Promise<void> => {
  await tx.query('delete from episode where measure_id = $1 and starts = any($2::int8[])', [
    measureId,
    before.map((e) => e.start),
  ]);
  await tx.append(
    'episode',
    after.map((e) => ({
      measure_id: measureId,
      starts: e.start,
      ends: e.end === Infinity ? null : e.end,
      steps: e.steps.map((s) => [s.start, s.end === Infinity ? null : s.end, s.weightBp]),
      outage_ids: e.outageIds,
    })),
  );
};

/** Takes out what these episodes counted in a figure's span, and gives its sum. */
export const takeOutOfPeriod = async (
  tx: Tx,
  figureId: string,
  before: readonly Episode[],
): Promise<{ down: BpMs; begun: number }[]> => {
  const rows = await tx.query<{ episode_start: string; down_bpms: string }>(
    'delete from episode_in_period where figure_id = $1 and episode_start = any($2::int8[]) returning episode_start, down_bpms',
    [figureId, before.map((e) => e.start)],
  );
  return rows.map((row) => ({ down: BigInt(row.down_bpms), begun: int(row.episode_start) }));
};

export const putIntoPeriod = (tx: Tx, figureId: string, after: readonly EpisodeDowntime[]): Promise<number> =>
  tx.append(
    'episode_in_period',
    after.map(({ episode, downBpMs, downMs }) => ({
      figure_id: figureId,
      episode_start: episode.start,
      down_bpms: downBpMs,
      down_ms: downMs,
    })),
  );

/**
 * Marks which of the changed outages began in a figure's span, or (`changed` null) all of them, and gives how the number changed.
 */
export const countOutages = async (
  tx: Tx,
  figure: { readonly id: string; readonly service: string; readonly from: Instant; readonly to: Instant },
  only: string | null,
  changed: readonly string[] | null,
): Promise<number> => {
  // Two statements, so that each is planned for what it is: some outages by their ids, or all that began in the span.
  const [some, gone] = changed === null ? ['', ''] : ['and id = any($6::uuid[])', 'and outage_id = any($6::uuid[])'];
  const [counted] = await tx.query<{ difference: string }>(
    `with wanted as (
       select id from outage where service = $2 and state = 'measurable' and starts >= $3 and starts < $4
         and ($5::text is null or party = $5) ${some}),
     gone as (delete from counted_outage where figure_id = $1 ${gone}
       and outage_id not in (select id from wanted) returning 1),
     come as (insert into counted_outage (figure_id, outage_id) select $1, id from wanted on conflict do nothing returning 1)
     select (select count(*) from come) - (select count(*) from gone) as difference`,
    [figure.id, figure.service, figure.from, figure.to, only, ...(changed === null ? [] : [changed])],
  );
  return int(counted?.difference ?? 0);
};

/** The longest episode of a figure's span, in ms of agreed time. */
export const longestIn = async (tx: Tx, figureId: string): Promise<number> => {
  const [row] = await tx.query(
    'select down_ms from episode_in_period where figure_id = $1 order by down_ms desc limit 1',
    [figureId],
  );
  return row === undefined ? 0 : int(row['down_ms']);
};

/** What is still down at the end of all that is known: since when at its present weight. */
export const stillDown = async (tx: Tx, measureId: string): Promise<{ since: Instant; weightBp: number } | null> => {
  const [row] = await tx.query('select * from episode where measure_id = $1 order by starts desc limit 1', [measureId]);
  const last = row === undefined ? undefined : episodeOf(row).steps.at(-1);
  return last?.end === Infinity ? { since: last.start, weightBp: last.weightBp } : null;
};

/** Reads the downtime steps of a measure around an instant, a portion at a time. */
export const stepReader = (tx: Tx, measureId: string): StepReader => ({
  async *forward(from) {
    let next = await firstStartBefore(tx, measureId, from);
    for (;;) {
      const rows = await tx.query(
        `select * from episode where measure_id = $1 and starts >= $2 order by starts limit ${PORTION}`,
        [measureId, next],
      );
      if (rows.length === 0) return;
      yield stepsOf(rows);
      next = int((rows.at(-1) as Row)['starts']) + 1;
    }
  },
  async *backward(to) {
    let before = to;
    for (;;) {
      const rows = await tx.query(
        `select * from episode where measure_id = $1 and starts < $2 order by starts desc limit ${PORTION}`,
        [measureId, before],
      );
      if (rows.length === 0) return;
      before = int((rows.at(-1) as Row)['starts']);
      yield stepsOf(rows.reverse());
    }
  },
});

const firstStartBefore = async (tx: Tx, measureId: string, at: Instant): Promise<Instant> => {
  const [row] = await tx.query(
    'select starts from episode where measure_id = $1 and starts <= $2 order by starts desc limit 1',
    [measureId, at],
  );
  return row === undefined ? at : int(row['starts']);
};

const stepsOf = (rows: readonly Row[]): WeightStep[] => rows.flatMap((row) => [...episodeOf(row).steps]);

export const episodeOf = (row: Row): Episode => ({
  start: int(row['starts']),
  end: intOrNull(row['ends']) ?? Infinity,
  steps: (row['steps'] as [number, number | null, number][]).map(([start, end, weightBp]) => ({
    start,
    end: end ?? Infinity,
    weightBp,
  })),
  outageIds: row['outage_ids'] as string[],
});
