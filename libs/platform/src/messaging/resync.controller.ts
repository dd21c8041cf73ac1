import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Caller, Scope } from '../auth/scope.guard';
import type { Actor } from '../persistence/actor';
import { Messaging } from './messaging';
import { AcceptedGapDto, PartitionDto, PositionsDto, ResyncDto, ResyncedDto } from './messaging.dto';

/** What an operator can do about events: tell them again, see how far they are read, and go on where some are lost. */
@ApiTags('Events')
@Controller('admin')
@Scope('*:admin')
export class ResyncController {
  constructor(private readonly messaging: Messaging) {}

  @Post('resync')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Tell current snapshots again',
    description: 'With the versions that they have: whoever knows them already ignores them.',
  })
  @ApiOkResponse({ type: ResyncedDto })
  @ApiUnprocessableEntityResponse({ description: 'This service does not own the topic' })
  resync(@Body() { topic, subjects }: ResyncDto, @Caller() by: Actor): Promise<ResyncedDto> {
    return this.messaging.resync.resync(by, topic, subjects);
  }

  @Get('positions')
  @ApiOperation({ summary: 'How far this service has read, and how far it is behind' })
  @ApiOkResponse({ type: PositionsDto })
  async positions(): Promise<PositionsDto> {
    const lags = await this.messaging.consumer.lag();
    return {
      positions: lags.map(({ topic, partition, position, high, lag }) => ({
        topic,
        partition,
        position: position?.toString() ?? null,
        high: high.toString(),
        lag: lag.toString(),
      })),
    };
  }

  @Post('positions/accept-gap')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Go on in a partition although records are missing',
    description: 'After the owner was asked for a resync. Audited.',
  })
  @ApiOkResponse({ type: AcceptedGapDto })
  @ApiNotFoundResponse({ description: 'This service does not read that partition' })
  @ApiConflictResponse({ description: 'Nothing was read there yet, so nothing can be missing' })
  async acceptGap(@Body() { topic, partition }: PartitionDto, @Caller() by: Actor): Promise<AcceptedGapDto> {
    const { position } = await this.messaging.consumer.acceptGap(by, { topic, partition });
    return { topic, partition, position: position.toString() };
  }
}
