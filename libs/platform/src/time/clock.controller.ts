import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { subjectVersion } from '@underpin/contracts/envelope';
import { AnyInstant } from '@underpin/contracts/fields/time';
import { instantOf, iso } from '@underpin/kernel/time/instant';
import { Caller, Scope } from '../auth/scope.guard';
import type { Actor } from '../persistence/actor';
import { UnitOfWork } from '../persistence/unit-of-work';
import { steerClock } from './clock-steering';

export class ClockDto {
  @ApiProperty({ example: '2026-11-08T00:00:00Z', description: 'What time it shall be at this moment' })
  @AnyInstant()
  now: string;
}

export class SteeredDto {
  @ApiProperty({ example: '2026-11-08T00:00:00.000Z' }) now: string;
  @ApiProperty({ example: 2_218_000_000 }) offsetMs: number;
  @ApiProperty({
    example: '3',
    description: 'Processes that say this version (or a later one) at their health have it',
  })
  version: string;
}

/** Moves business time in a trial installation. There only with UNDERPIN_TEST_CLOCK=1, at the service that keeps the clock. */
@ApiTags('Clock of a trial installation')
@Controller('admin/clock')
@Scope('platform:admin')
export class ClockController {
  constructor(private readonly work: UnitOfWork) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Move business time forward',
    description: 'For all processes: each says at its health when it has it.',
  })
  @ApiOkResponse({ type: SteeredDto })
  async steer(@Body() { now }: ClockDto, @Caller() by: Actor): Promise<SteeredDto> {
    const to = instantOf(now);
    const { state, version } = await this.work.run(by, (tx) => steerClock(tx, to));
    return { now: iso(to), offsetMs: state.offsetMs, version: subjectVersion(0, version).toString() };
  }
}
