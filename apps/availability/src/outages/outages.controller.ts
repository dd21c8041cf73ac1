import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import type { Actor } from '@underpin/platform/persistence/actor';
import { OutageIntake } from './outage-intake';
import { OutageReading } from './outage-reading';
import {
  BatchAnswersDto,
  OutageBatchDto,
  OutageDto,
  OutageKeyDto,
  OutageListDto,
  OutageReportDto,
  OutagesQueryDto,
  ToldOutageDto,
} from './outages.dto';

@ApiTags('Outages')
@Controller('outages')
@Scope('availability:write')
export class OutagesController {
  constructor(
    private readonly intake: OutageIntake,
    private readonly reading: OutageReading,
  ) {}

  @Put(':source/:externalId')
  @ApiOperation({
    summary: 'Tell what is known about an outage',
    description:
      'Telling it again, later, out of order, or more of it, is welcome: what is believed depends on the set of tellings alone.',
  })
  @ApiOkResponse({ type: OutageDto })
  @ApiCreatedResponse({ type: OutageDto, description: 'The first telling of this outage' })
  async hear(
    @Param() key: OutageKeyDto,
    @Body() told: OutageReportDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OutageDto> {
    const { outage, isNew } = await this.intake.tell(by, { ...told, ...key });
    void reply.status(isNew ? 201 : 200);
    return outage;
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Tell about up to 200 outages',
    description: 'Each telling is kept or refused by itself; the answers are in their order.',
  })
  @ApiOkResponse({ type: BatchAnswersDto })
  async hearAll(@Body() batch: OutageBatchDto, @Caller() by: Actor): Promise<BatchAnswersDto> {
    return { answers: await this.intake.hearAll(by, batch.reports) };
  }

  @Get()
  @Scope('availability:read')
  @ApiOperation({ summary: 'Outages, the newest first' })
  @ApiOkResponse({ type: OutageListDto })
  list(@Query() query: OutagesQueryDto): Promise<OutageListDto> {
    return this.reading.list(query);
  }

  @Get(':source/:externalId')
  @Scope('availability:read')
  @ApiOperation({ summary: 'An outage as it is believed to be, with everything that was told about it' })
  @ApiOkResponse({ type: ToldOutageDto })
  find(@Param() key: OutageKeyDto): Promise<ToldOutageDto> {
    return this.reading.find(key);
  }
}
