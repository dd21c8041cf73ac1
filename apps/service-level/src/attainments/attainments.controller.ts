import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '@underpin/platform/auth/scope.guard';
import { AttainmentReading } from './attainment-reading';
import {
  AttainmentExplanationDto,
  AttainmentKeyDto,
  AttainmentListDto,
  AttainmentsQueryDto,
  AttainmentWithRevisionsDto,
} from './attainments.dto';

@ApiTags('Attainments')
@Controller('attainments')
@Scope('service-level:read')
export class AttainmentsController {
  constructor(private readonly reading: AttainmentReading) {}

  @Get()
  @ApiOperation({
    summary: 'Whether agreements were kept, period by period',
    description: 'By agreement and start of the period.',
  })
  @ApiOkResponse({ type: AttainmentListDto })
  list(@Query() query: AttainmentsQueryDto): Promise<AttainmentListDto> {
    return this.reading.list(query);
  }

  @Get(':agreement/:from')
  @ApiOperation({ summary: 'One period of an agreement, with everything that was said of it' })
  @ApiOkResponse({ type: AttainmentWithRevisionsDto })
  find(@Param() key: AttainmentKeyDto): Promise<AttainmentWithRevisionsDto> {
    return this.reading.find(key);
  }

  @Get(':agreement/:from/explain')
  @ApiOperation({
    summary: 'The arithmetic behind it',
    description:
      'Intervals and integers, from which anyone can come to the same result; the outages themselves are explained by the figure.',
  })
  @ApiOkResponse({ type: AttainmentExplanationDto })
  explain(@Param() key: AttainmentKeyDto): Promise<AttainmentExplanationDto> {
    return this.reading.explain(key);
  }
}
