import { Injectable } from '@nestjs/common';
import { allowanceOfKey } from '@underpin/kernel/measure/allowance';
import { downBpMs, downtimeByEpisode } from '@underpin/kernel/measure/downtime';
import { episodes, touchedHull, type Episode } from '@underpin/kernel/measure/episodes';
import type { OutageSpan } from '@underpin/kernel/measure/weight-steps';
import type { Instant } from '@underpin/kernel/time/instant';
import { union, type Interval } from '@underpin/kernel/time/interval';
import type { Tx } from '@underpin/platform/persistence/tx';
import { int, intOrNull } from '@underpin/platform/persistence/row';
import { lockService } from '../heard/services.table';
import { agreedTime, countedOnly, type Measure } from '../measures/measure';
import { measuresOf, watchOf } from '../measures/measures.table';
import { locateCrossing, type Anchor } from './crossing-locating';
import {
  countOutages,
  episodesNear,
  longestIn,
  outagesTouching,
  putIntoPeriod,
  replaceEpisodes,
  stepReader,
  stillDown,
  takeOutOfPeriod,
} from './episodes.table';
import { downUntil, recounted, type Crossing, type Figure, type FigureContent } from './figure';
import { figuresTable, figuresTouching } from './figures.table';

/** Downtime of this stretch may have changed; `end` may be `Infinity`. */
interface Change extends Interval {
  /** Only this measure has to look at it: a figure was opened, or its watch has grown. */
  readonly measureId: string | null;
  readonly outageId: string | null;
}

/** Part of a measure that was counted anew. */
interface Replaced {
  readonly hull: Interval;
  readonly before: readonly Episode[];
  readonly after: readonly Episode[];
}

/**
 * Counts downtime again where outages have changed. Everything is pointwise in time, so that only what lies inside the hull of the
 * change is read and replaced: one more outage costs the same among a thousand and among a million.
 */
@Injectable()
export class Recounting {
  /** Takes the service that has waited longest. False if none waits. */
  async turn(tx: Tx): Promise<boolean> {
    const [waiting] = await tx.query<{ service: string }>('select service from pending_recount order by id limit 1');
    if (waiting === undefined) return false;
    await this.recount(tx, waiting.service);
    return true;
  }

  /** Counts everything that waits for one service. */
  async recount(tx: Tx, service: string): Promise<void> {
    await lockService(tx, service);
    const changes = await takeChanges(tx, service);
    if (changes.length === 0) return;
    for (const measure of await measuresOf(tx, service)) {
      const mine = changes.filter((c) => c.measureId === null || c.measureId === measure.id);
      if (mine.length > 0) await this.recountMeasure(tx, measure, mine);
    }
  }

  private async recountMeasure(tx: Tx, measure: Measure, changes: readonly Change[]): Promise<void> {
    const replaced: Replaced[] = [];
    for (const hull of union(changes)) replaced.push(await this.replaceHull(tx, measure, hull));

    const figures = new Map<string, Figure>();
    for (const { start, end } of [...changes, ...replaced.map((r) => r.hull)])
      for (const figure of await figuresTouching(tx, measure.id, start, end)) figures.set(figure.id, figure);

    const watch = await watchOf(tx, measure.id);
    const outageIds = changes.flatMap((c) => (c.outageId === null ? [] : [c.outageId]));
    for (const figure of figures.values()) {
      const content = await this.recountFigure(tx, measure, figure, replaced, outageIds, watch);
      const grown = watch.length !== figure.content.crossings.length && figure.revision > 0;
      await tx.change(figuresTable, figure.id, (known, now) => recounted(known, content, cause(figure, grown), now));
    }
  }

  private async replaceHull(tx: Tx, measure: Measure, changed: Interval): Promise<Replaced> {
    let before = await episodesNear(tx, measure.id, changed, REJOIN_MS);
    let hull = touchedHull(before, changed, REJOIN_MS);
    for (;;) {
      const outages = await outagesTouching(tx, measure.service, hull, countedOnly(measure));
      const wide = hullOf(hull, outages);
      if (wide.start === hull.start && wide.end === hull.end) {
        const after = episodes(outages, REJOIN_MS, hull);
        await replaceEpisodes(tx, measure.id, before, after);
        return { hull, before, after };
      }
      // Where a figure is opened, outages may go on beyond it that no episode knows yet.
      before = await episodesNear(tx, measure.id, wide, REJOIN_MS);
      hull = touchedHull(before, wide, REJOIN_MS);
    }
  }

  private async recountFigure(
    tx: Tx,
    measure: Measure,
    figure: Figure,
    replaced: readonly Replaced[],
    changedOutages: readonly string[],
    watch: readonly string[],
  ): Promise<FigureContent> {
    const agreed = agreedTime(measure.definition, { start: figure.from, end: figure.to });
    const isNew = figure.revision === 0;
    let { projected, episodes: begun } = figure.content;
    for (const { before, after } of replaced) {
      for (const old of await takeOutOfPeriod(tx, figure.id, before)) {
        projected -= old.down;
        begun -= beginsIn(figure, old.begun);
      }
      const counted = downtimeByEpisode(after, agreed).filter((d) => d.downMs > 0);
      await putIntoPeriod(tx, figure.id, counted);
      for (const { episode, downBpMs: down } of counted) {
        projected += down;
        begun += beginsIn(figure, episode.start);
      }
    }
    const outages =
      figure.content.outages + (await countOutages(tx, figure, countedOnly(measure), isNew ? null : changedOutages));
    const last = await stillDown(tx, measure.id);
    const open = last !== null && last.since < figure.to ? last : null;
    return {
      projected,
      down: downUntil({ projected, open }, agreed, tx.clock.now()),
      outages,
      episodes: begun,
      longestMs: await longestIn(tx, figure.id),
      open,
      crossings: await this.crossings(tx, measure, figure, projected, agreed, replaced, watch),
    };
  }

  /** Each watched allowance's crossing, found from the instants whose downtime is known: start, end, and the crossings so far. */
  private async crossings(
    tx: Tx,
    measure: Measure,
    figure: Figure,
    projected: bigint,
    agreed: readonly Interval[],
    replaced: readonly Replaced[],
    watch: readonly string[],
  ): Promise<Crossing[]> {
    const anchors: Anchor[] = [
      { at: figure.from, down: 0n },
      ...figure.content.crossings.flatMap(({ at, down }) =>
        at === null || down === null ? [] : [{ at, down: down + differenceUntil(at, replaced, agreed) }],
      ),
      { at: figure.to, down: projected },
    ].sort((a, b) => a.at - b.at || (a.down < b.down ? -1 : 1));
    const found: Crossing[] = [];
    for (const key of watch) {
      const anchor = await locateCrossing(
        allowanceOfKey(key),
        figure.agreedMs,
        anchors,
        agreed,
        stepReader(tx, measure.id),
      );
      found.push({ allowance: key, at: anchor?.at ?? null, down: anchor?.down ?? null });
    }
    return found;
  }
}

/** Stretches of downtime that touch are one episode; a policy that joins over gaps comes with the policies. */
const REJOIN_MS = 0;

/** An interval, widened to the whole of these outages. */
const hullOf = (interval: Interval, outages: readonly OutageSpan[]): Interval =>
  outages
    .filter((outage) => outage.weightBp > 0)
    .reduce(
      ({ start, end }, outage) => ({
        start: Math.min(start, outage.start),
        end: Math.max(end, outage.end ?? Infinity),
      }),
      interval,
    );

const cause = (figure: Figure, watchHasGrown: boolean) =>
  figure.revision === 0 ? 'opened' : watchHasGrown ? 'watch-changed' : 'outages-changed';

const beginsIn = ({ from, to }: Figure, instant: Instant): 0 | 1 => (instant >= from && instant < to ? 1 : 0);

/** By how much D([from, at)) has changed: exact, since all that changed lies inside the replaced hulls. */
const differenceUntil = (at: Instant, replaced: readonly Replaced[], agreed: readonly Interval[]): bigint => {
  const until = agreed
    .map(({ start, end }) => ({ start, end: Math.min(end, at) }))
    .filter(({ start, end }) => start < end);
  const down = (list: readonly Episode[]) =>
    downBpMs(
      list.flatMap((e) => [...e.steps]),
      until,
    );
  return replaced.reduce((sum, { before, after }) => sum + down(after) - down(before), 0n);
};

const takeChanges = async (tx: Tx, service: string): Promise<Change[]> => {
  const rows = await tx.query(
    'delete from pending_recount where service = $1 returning measure_id, starts, ends, outage_id',
    [service],
  );
  return rows.map((row) => ({
    measureId: row['measure_id'] as string | null,
    outageId: row['outage_id'] as string | null,
    start: int(row['starts']),
    end: intOrNull(row['ends']) ?? Infinity,
  }));
};
