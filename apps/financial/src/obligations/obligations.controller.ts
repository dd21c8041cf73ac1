import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '@underpin/platform/auth/scope.guard';
import { ObligationReading } from './obligation-reading';
import {
  ObligationDto,
  ObligationExplanationDto,
  ObligationKeyDto,
  ObligationListDto,
  ObligationsQueryDto,
} from './obligations.dto';

@ApiTags('Obligations')
@Controller('obligations')
@Scope('financial:read')
export class ObligationsController {
  constructor(private readonly reading: ObligationReading) {}

  @Get()
  @ApiOperation({ summary: 'What is owed for each agreement and period, by agreement and start' })
  @ApiOkResponse({ type: ObligationListDto })
  list(@Query() query: ObligationsQueryDto): Promise<ObligationListDto> {
    return this.reading.list(query);
  }

  @Get(':agreement/:from')
  @ApiOperation({ summary: 'What is owed for an agreement in a period' })
  @ApiOkResponse({ type: ObligationDto })
  find(@Param() key: ObligationKeyDto): Promise<ObligationDto> {
    return this.reading.find(key);
  }

  @Get(':agreement/:from/explain')
  @ApiOperation({ summary: 'How the amount came about: fee by days, tier, cap, rounding, journals' })
  @ApiOkResponse({ type: ObligationExplanationDto })
  explain(@Param() key: ObligationKeyDto): Promise<ObligationExplanationDto> {
    return this.reading.explain(key);
  }
}
