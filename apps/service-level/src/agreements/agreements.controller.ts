import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import type { Actor } from '@underpin/platform/persistence/actor';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { Agreeing } from './agreeing';
import { proposalFrom } from './agreement-intake';
import { agreementDto, AgreementReading } from './agreement-reading';
import { AgreementDto, AgreementKeyDto, AgreementListDto, AgreementsQueryDto, ProposalDto } from './agreements.dto';

@ApiTags('Agreements')
@Controller('agreements')
@Scope('service-level:write')
export class AgreementsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly agreeing: Agreeing,
    private readonly reading: AgreementReading,
  ) {}

  @Put(':reference')
  @ApiOperation({
    summary: 'Draft an SLA, OLA or UC',
    description:
      'A draft can be drafted anew. Once it is agreed, the same content again changes nothing and other content is refused.',
  })
  @ApiOkResponse({ type: AgreementDto })
  @ApiCreatedResponse({ type: AgreementDto, description: 'A new draft' })
  @ApiConflictResponse({ description: 'agreement.already-agreed' })
  @ApiUnprocessableEntityResponse({
    description:
      'target.…, remedy.…, tier.…, zone.unknown, agreement.service-unknown, …: what was wrong, and what would be right',
  })
  async draft(
    @Param() { reference }: AgreementKeyDto,
    @Body() body: ProposalDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementDto> {
    const agreement = await this.work.run(by, (tx) => this.agreeing.draft(tx, reference, proposalFrom(body)));
    void reply.status(agreement.changed && agreement.version === 1 ? 201 : 200);
    return agreementDto(agreement.state, agreement);
  }

  @Post(':reference/agree')
  @HttpCode(200)
  @Scope('service-level:approve')
  @ApiOperation({
    summary: 'Agree on a draft',
    description: 'From now on it is measured, by the dates of its term. Agreeing again changes nothing.',
  })
  @ApiOkResponse({ type: AgreementDto })
  @ApiConflictResponse({ description: 'service.not-live: say since when the service is live, then agree' })
  async agree(@Param() { reference }: AgreementKeyDto, @Caller() by: Actor): Promise<AgreementDto> {
    const agreement = await this.work.run(by, (tx) => this.agreeing.agree(tx, reference));
    return agreementDto(agreement.state, agreement);
  }

  @Get()
  @Scope('service-level:read')
  @ApiOperation({ summary: 'Agreements, by reference' })
  @ApiOkResponse({ type: AgreementListDto })
  list(@Query() query: AgreementsQueryDto): Promise<AgreementListDto> {
    return this.reading.list(query);
  }

  @Get(':reference')
  @Scope('service-level:read')
  @ApiOperation({ summary: 'An agreement with everything that was promised' })
  @ApiOkResponse({ type: AgreementDto })
  find(@Param() { reference }: AgreementKeyDto): Promise<AgreementDto> {
    return this.reading.find(reference);
  }
}
