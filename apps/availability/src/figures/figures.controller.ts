import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { instantOf, iso, type Instant } from '@underpin/kernel/time/instant';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import type { Actor } from '@underpin/platform/persistence/actor';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { Closing } from './closing';
import { FigureExplaining } from './figure-explaining';
import { FigureLookup } from './figure-lookup';
import {
  ClosedHistoryDto,
  CloseHistoryQueryDto,
  ExplainedFigureDto,
  FigureDto,
  FigureKeyDto,
  FigureListDto,
  FiguresQueryDto,
  MeasureListDto,
  MeasuresQueryDto,
  ServiceKeyDto,
} from './figures.dto';

@ApiTags('Figures')
@Controller()
@Scope('availability:read')
export class FiguresController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly lookup: FigureLookup,
    private readonly explaining: FigureExplaining,
    private readonly closing: Closing,
  ) {}

  @Get('measures')
  @ApiOperation({
    summary: 'What is measured, and for which agreements',
    description: 'At most 500; agreements at most 100 each.',
  })
  @ApiOkResponse({ type: MeasureListDto })
  async measures(@Query() { service }: MeasuresQueryDto): Promise<MeasureListDto> {
    return { measures: await this.lookup.measures(service) };
  }

  @Get('figures')
  @ApiOperation({ summary: 'Availability by measure and period, as of now' })
  @ApiOkResponse({ type: FigureListDto })
  figures(@Query() query: FiguresQueryDto): Promise<FigureListDto> {
    return this.lookup.list(query);
  }

  @Get('figures/:measure/:from/:to')
  @ApiOperation({ summary: 'One figure, as of now' })
  @ApiOkResponse({ type: FigureDto })
  figure(@Param() key: FigureKeyDto): Promise<FigureDto> {
    return this.lookup.find(key);
  }

  @Get('figures/:measure/:from/:to/explain')
  @ApiOperation({
    summary: 'Intervals and integers from which anyone can compute the figure again, down to the reports',
  })
  @ApiOkResponse({ type: ExplainedFigureDto })
  explain(@Param() key: FigureKeyDto): Promise<ExplainedFigureDto> {
    return this.explaining.explain(key);
  }

  @Post('services/:slug/periods/close')
  @HttpCode(200)
  @Scope('availability:approve')
  @ApiOperation({
    summary: 'Close the historical periods of a service',
    description:
      'Closes every period that ends at or before `through` and whose cutoff had passed when it was first measured. Others are closed by their cutoff. Again: nothing is closed twice.',
  })
  @ApiOkResponse({ type: ClosedHistoryDto })
  async closeHistory(
    @Param() { slug }: ServiceKeyDto,
    @Query() { through }: CloseHistoryQueryDto,
    @Caller() by: Actor,
  ): Promise<ClosedHistoryDto> {
    const until = endOf(through);
    const { closed, ...others } = await this.work.run(by, (tx) => this.closing.closeHistory(tx, slug, until));
    return { service: slug, through: iso(until), closed: [...closed], ...others };
  }
}

const DAY_MS = 86_400_000;

/** A date alone means its end in UTC. */
const endOf = (through: string): Instant =>
  through.length === 10 ? instantOf(`${through}T00:00:00Z`) + DAY_MS : instantOf(through);
