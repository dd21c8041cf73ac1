import { Injectable } from '@nestjs/common';
import { notFound } from '@underpin/kernel/errors';
import { fullMs } from '@underpin/kernel/measure/allowance';
import { percentFloor } from '@underpin/kernel/measure/percent';
import type { MeasureDefinition } from '@underpin/kernel/measure/measure-id';
import { instantOf, iso, type Instant } from '@underpin/kernel/time/instant';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import { Database } from '@underpin/platform/persistence/database';
import { int, type Row } from '@underpin/platform/persistence/row';
import { Clock } from '@underpin/platform/time/clock';
import { agreedTime, figureId } from '../measures/measure';
import { downUntil, restatementPending, type Figure } from './figure';
import { figureSummary } from './figure-summary';
import { figureOf } from './figures.table';
import type { FigureDto, FigureKeyDto, FigureListDto, FiguresQueryDto, MeasureDto } from './figures.dto';

const DECIMALS = 4;

/** What people and systems ask about figures: straight from the tables, as of now. */
@Injectable()
export class FigureLookup {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async list({
    service,
    period,
    measure,
    status,
    limit = DEFAULT_LIMIT,
    after,
  }: FiguresQueryDto): Promise<FigureListDto> {
    const rows = await this.database.query(
      `select f.*, m.definition from figure f join measure m on m.id = f.measure_id
       where revision > 0 and ($1::text is null or f.service = $1) and ($2::text is null or period_label = $2)
         and ($3::text is null or measure_id = $3) and ($4::text is null or status = $4) and ($5::text is null or f.id > $5)
       order by f.id limit $6`,
      [service ?? null, period ?? null, measure ?? null, status ?? null, after ?? null, limit + 1],
    );
    const { entries, next } = pageOf(rows, limit, (row) => row['id'] as string);
    return { figures: entries.map((row) => this.dto(row)), next };
  }

  async find(key: FigureKeyDto): Promise<FigureDto> {
    return this.dto(await this.row(key));
  }

  /** The figure of a key, or a clear answer that there is none. */
  async row({ measure, from, to }: FigureKeyDto): Promise<Row> {
    const id = figureId(measure, { start: instantOf(from), end: instantOf(to) });
    const [row] = await this.database.query(
      'select f.*, m.definition from figure f join measure m on m.id = f.measure_id where f.id = $1',
      [id],
    );
    if (row === undefined)
      throw notFound(
        'figure.unknown',
        `There is no figure ${id}: GET /figures?measure=${measure} lists those of the measure`,
      );
    return row;
  }

  /** A figure as of an instant: what is still down counts until then. */
  dto(row: Row, at = this.clock.now()): FigureDto {
    return figureDto(figureOf(row), row['definition'] as MeasureDefinition, at);
  }

  async measures(service: string | undefined, id?: string): Promise<MeasureDto[]> {
    const rows = await this.database.query(
      `select m.*, array(select distinct key from watched_allowance w where w.measure_id = m.id order by key) as watch,
         array(select distinct agreement from measured_term t where t.measure_id = m.id order by agreement limit 100) as agreements
       from measure m where ($1::text is null or service = $1) and ($2::text is null or id = $2) order by service, id limit 500`,
      [service ?? null, id ?? null],
    );
    return rows.map((row) => measureDto(row));
  }
}

const figureDto = (figure: Figure, definition: MeasureDefinition, now: Instant): FigureDto => {
  const agreed = agreedTime(definition, { start: figure.from, end: figure.to });
  const { content, down, achieved, mtrsMs, mtbfMs, mtbsiMs } = figureSummary(
    figure,
    figure.closed === null ? downUntil(figure.content, agreed, now) : undefined,
  );
  const { period, closed } = figure;
  return {
    id: figure.id,
    measureId: figure.measureId,
    service: figure.service,
    countedParty: figure.countedParty,
    period: { kind: period.kind, zone: period.zone, label: period.label, from: iso(period.from), to: iso(period.to) },
    from: iso(figure.from),
    to: iso(figure.to),
    status: figure.status,
    historical: figure.historical,
    cutoffAt: iso(figure.cutoffAt),
    agreedMs: figure.agreedMs,
    downBpMs: down.toString(),
    downMs: fullMs(down),
    availabilityPercent: achieved === null ? null : percentFloor(achieved.num, achieved.den, DECIMALS),
    outages: content.outages,
    episodes: content.episodes,
    longestMs: content.longestMs,
    mtrsMs,
    mtbfMs,
    mtbsiMs,
    open: content.open === null ? null : { since: iso(content.open.since), weightBp: content.open.weightBp },
    crossings: content.crossings.map(({ allowance, at }) => ({ allowance, at: at === null ? null : iso(at) })),
    revision: figure.revision,
    closedRevision: closed?.revision ?? null,
    restatementPending: restatementPending(figure),
    asOf: iso(figure.asOf),
    cause: figure.cause,
  };
};

const measureDto = (row: Row): MeasureDto => {
  const { counted, calendar, policy, reportingPeriod, grace } = row['definition'] as MeasureDefinition;
  return {
    id: row['id'] as string,
    service: row['service'] as string,
    countedParty: counted === 'any' ? null : counted.only,
    calendar,
    policy,
    reportingPeriod,
    grace,
    watch: row['watch'] as string[],
    agreements: row['agreements'] as string[],
    createdAt: iso(int(row['created_at'])),
  };
};
