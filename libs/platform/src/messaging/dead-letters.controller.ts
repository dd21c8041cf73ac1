import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { iso } from '@underpin/kernel/time/instant';
import { isUtf8 } from 'node:buffer';
import { Caller, Scope } from '../auth/scope.guard';
import type { Actor } from '../persistence/actor';
import { int, intOrNull } from '../persistence/row';
import type { DeadLetterRow } from './dead-letter.table';
import { Messaging } from './messaging';
import {
  DeadLetterDto,
  DeadLetterIdDto,
  DeadLetterInFullDto,
  DeadLetterListDto,
  DeadLettersQueryDto,
  DiscardDto,
} from './messaging.dto';

const PAGE = 50;

/** Messages that this service could not handle. */
@ApiTags('Dead letters')
@Controller('admin/dead-letters')
@Scope('*:admin')
export class DeadLettersController {
  constructor(private readonly messaging: Messaging) {}

  @Get()
  @ApiOperation({ summary: 'Messages that could not be handled, the oldest first' })
  @ApiOkResponse({ type: DeadLetterListDto })
  async list(@Query() { limit = PAGE, ...filter }: DeadLettersQueryDto): Promise<DeadLetterListDto> {
    const rows = await this.messaging.deadLetters.list({ ...filter, limit: limit + 1 });
    const page = rows.slice(0, limit);
    return { deadLetters: page.map(shortOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them, with headers and value' })
  @ApiOkResponse({ type: DeadLetterInFullDto })
  @ApiNotFoundResponse()
  async find(@Param() { id }: DeadLetterIdDto): Promise<DeadLetterInFullDto> {
    return inFull(await this.messaging.deadLetters.find(id));
  }

  @Post(':id/redrive')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Handle it once more',
    description: 'Changes nothing where a newer version of the subject has been handled, and moves no position.',
  })
  @ApiOkResponse({ type: DeadLetterDto })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'It has failed again, or is settled already' })
  async redrive(@Param() { id }: DeadLetterIdDto, @Caller() by: Actor): Promise<DeadLetterDto> {
    return shortOf(await this.messaging.deadLetters.redrive(by, id));
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give it up, with a reason' })
  @ApiOkResponse({ type: DeadLetterDto })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'It is settled already' })
  async discard(
    @Param() { id }: DeadLetterIdDto,
    @Body() { reason }: DiscardDto,
    @Caller() by: Actor,
  ): Promise<DeadLetterDto> {
    return shortOf(await this.messaging.deadLetters.discard(by, id, reason));
  }
}

const isoOrNull = (at: unknown): string | null => {
  const instant = intOrNull(at);
  return instant === null ? null : iso(instant);
};

const shortOf = (row: DeadLetterRow): DeadLetterDto => ({
  id: row.id,
  topic: row.topic,
  partition: row.partition,
  offset: row.offset,
  key: row.key?.toString() ?? null,
  reason: row.reason,
  detail: row.detail,
  attempts: row.attempts,
  status: row.status,
  version: row.subject_version,
  superseded: row.superseded_by !== null,
  supersededBy: row.superseded_by,
  diedAt: iso(int(row.died_at)),
  settledAt: isoOrNull(row.settled_at),
  settledBy: row.settled_by,
  settledWhy: row.settled_why,
});

const inFull = (row: DeadLetterRow): DeadLetterInFullDto => {
  const isText = row.value !== null && isUtf8(row.value);
  return {
    ...shortOf(row),
    headers: row.headers,
    value: isText ? row.value.toString() : null,
    valueBase64: isText ? null : (row.value?.toString('base64') ?? null),
  };
};
