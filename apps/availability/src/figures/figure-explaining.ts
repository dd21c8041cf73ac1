import { Injectable } from '@nestjs/common';
import type { MeasureDefinition } from '@underpin/kernel/measure/measure-id';
import { downBpMs } from '@underpin/kernel/measure/downtime';
import { stepsWithin, type WeightStep } from '@underpin/kernel/measure/weight-steps';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import { Database } from '@underpin/platform/persistence/database';
import { int, intOrNull } from '@underpin/platform/persistence/row';
import { Clock } from '@underpin/platform/time/clock';
import { agreedTime } from '../measures/measure';
import { episodeOf } from './episodes.table';
import { FigureLookup } from './figure-lookup';
import type { ExplainedFigureDto, ExplainedOutageDto, FigureKeyDto, MeasureDto } from './figures.dto';

const FORMULA =
  'D = Σ weightBp × (to − from) over the steps, which are disjoint; availability = (agreedMs × 10000 − D) / (agreedMs × 10000). ' +
  'The weight of a step is the largest of the outages that were active, never their sum. What is agreed is met when D × den ≤ agreedMs × 10000 × num.';

/** Takes a figure apart: intervals, weights and the reports behind them. */
@Injectable()
export class FigureExplaining {
  constructor(
    private readonly database: Database,
    private readonly lookup: FigureLookup,
    private readonly clock: Clock,
  ) {}

  async explain(key: FigureKeyDto): Promise<ExplainedFigureDto> {
    const row = await this.lookup.row(key);
    const [from, to] = [int(row['from_at']), int(row['to_at'])];
    const now = this.clock.now();
    const until = Math.min(to, now);
    const agreed = agreedTime(row['definition'] as MeasureDefinition, { start: from, end: until });
    const episodes = await this.episodes(row['measure_id'] as string, from, until);
    const [measure] = await this.lookup.measures(undefined, row['measure_id'] as string);
    const steps = stepsWithin(
      episodes.flatMap((e) => e.steps),
      agreed,
    );
    return {
      figure: this.lookup.dto(row, now),
      measure: measure as MeasureDto,
      formula: FORMULA,
      until: iso(until),
      downBpMs: downBpMs(steps, agreed).toString(),
      steps: steps.map(({ start, end, weightBp }) => ({
        from: iso(start),
        to: iso(end),
        weightBp,
        downBpMs: (BigInt(end - start) * BigInt(weightBp)).toString(),
      })),
      outages: await this.outages([...new Set(episodes.flatMap((e) => e.outageIds))], row['id'] as string),
    };
  }

  private async episodes(
    measure: string,
    from: Instant,
    until: Instant,
  ): Promise<{ steps: WeightStep[]; outageIds: string[] }[]> {
    const rows = await this.database.query(
      'select * from episode where measure_id = $1 and starts < $3 and (ends is null or ends >= $2) order by starts',
      [measure, from, until],
    );
    return rows.map((row) => {
      const { steps, outageIds } = episodeOf(row);
      return { steps: [...steps], outageIds: [...outageIds] };
    });
  }

  /** The outages of the episodes, and those without length that were counted. */
  private async outages(ids: readonly string[], figure: string): Promise<ExplainedOutageDto[]> {
    const rows = await this.database.query(
      `select o.*, array(select r.id from outage_report r where r.outage_id = o.id order by r.id) as reports from outage o
       where o.id = any($1::uuid[]) or o.id in (select outage_id from counted_outage where figure_id = $2) order by starts, id`,
      [ids, figure],
    );
    return rows.map((row) => {
      const ends = intOrNull(row['ends']);
      return {
        id: row['id'] as string,
        href: `/availability/outages/${row['source'] as string}/${encodeURIComponent(row['external_id'] as string)}`,
        from: iso(int(row['starts'])),
        to: ends === null ? null : iso(ends),
        weightBp: row['weight_bp'] as number,
        reports: row['reports'] as string[],
      };
    });
  }
}
