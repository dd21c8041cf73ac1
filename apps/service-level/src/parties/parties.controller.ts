import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import type { Actor } from '@underpin/platform/persistence/actor';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { PartiesQueryDto, PartyDescriptionDto, PartyDto, PartyKeyDto, PartyListDto } from './parties.dto';
import type { PartyDescription } from './party';
import { partyDto, PartyReading } from './party-reading';
import { Registering } from './registering';

@ApiTags('Parties')
@Controller('parties')
@Scope('service-level:write')
export class PartiesController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly registering: Registering,
    private readonly reading: PartyReading,
  ) {}

  @Put(':slug')
  @ApiOperation({
    summary: 'Register a customer, a supplier or a team, or describe it anew',
    description: 'The description replaces what was said before; the same again changes nothing.',
  })
  @ApiOkResponse({ type: PartyDto })
  @ApiCreatedResponse({ type: PartyDto, description: 'It was not registered before' })
  @ApiConflictResponse({ description: 'party.kind-fixed: agreements name it as what it is' })
  async register(
    @Param() { slug }: PartyKeyDto,
    @Body() body: PartyDescriptionDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PartyDto> {
    const party = await this.work.run(by, (tx) => this.registering.register(tx, slug, descriptionFrom(body)));
    void reply.status(party.changed && party.version === 1 ? 201 : 200);
    return partyDto(party.state, party);
  }

  @Get()
  @Scope('service-level:read')
  @ApiOperation({ summary: 'Customers, suppliers and teams, by slug' })
  @ApiOkResponse({ type: PartyListDto })
  list(@Query() query: PartiesQueryDto): Promise<PartyListDto> {
    return this.reading.list(query);
  }

  @Get(':slug')
  @Scope('service-level:read')
  @ApiOperation({ summary: 'A customer, a supplier or a team' })
  @ApiOkResponse({ type: PartyDto })
  find(@Param() { slug }: PartyKeyDto): Promise<PartyDto> {
    return this.reading.find(slug);
  }
}

const descriptionFrom = ({ kind, name, currency, zone, contacts }: PartyDescriptionDto): PartyDescription => ({
  kind,
  name,
  currency: currency ?? null,
  zone: zone ?? null,
  contacts: (contacts ?? []).map((contact) => ({ name: contact.name, email: contact.email ?? null })),
});
