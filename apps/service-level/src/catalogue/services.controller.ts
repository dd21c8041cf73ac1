import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { instantOf } from '@underpin/kernel/time/instant';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import type { Actor } from '@underpin/platform/persistence/actor';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { Cataloguing } from './cataloguing';
import { serviceDto, ServiceReading } from './service-reading';
import type { ServiceDescription } from './service';
import { ServiceDescriptionDto, ServiceDto, ServiceKeyDto, ServiceListDto, ServicesQueryDto } from './services.dto';

@ApiTags('Service catalogue')
@Controller('services')
@Scope('service-level:write')
export class ServicesController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly cataloguing: Cataloguing,
    private readonly reading: ServiceReading,
  ) {}

  @Put(':slug')
  @ApiOperation({
    summary: 'Register a service, or describe it anew',
    description: 'The description replaces what was said before; the same again changes nothing.',
  })
  @ApiOkResponse({ type: ServiceDto })
  @ApiCreatedResponse({ type: ServiceDto, description: 'It was not in the catalogue before' })
  @ApiConflictResponse({ description: 'service.live-since-frozen: agreements rest on its liveSince' })
  async describe(
    @Param() { slug }: ServiceKeyDto,
    @Body() body: ServiceDescriptionDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServiceDto> {
    const service = await this.work.run(by, (tx) => this.cataloguing.describe(tx, slug, descriptionFrom(body)));
    void reply.status(service.changed && service.version === 1 ? 201 : 200);
    return serviceDto(service.state, service);
  }

  @Post(':slug/retire')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take a service out of the catalogue for good',
    description: 'Refused while agreements that have been agreed and not ended rest on it.',
  })
  @ApiOkResponse({ type: ServiceDto })
  @ApiConflictResponse({ description: 'service.still-promised' })
  async retire(@Param() { slug }: ServiceKeyDto, @Caller() by: Actor): Promise<ServiceDto> {
    const service = await this.work.run(by, (tx) => this.cataloguing.retire(tx, slug));
    return serviceDto(service.state, service);
  }

  @Get()
  @Scope('service-level:read')
  @ApiOperation({ summary: 'The service catalogue, by slug' })
  @ApiOkResponse({ type: ServiceListDto })
  list(@Query() query: ServicesQueryDto): Promise<ServiceListDto> {
    return this.reading.list(query);
  }

  @Get(':slug')
  @Scope('service-level:read')
  @ApiOperation({ summary: 'A service of the catalogue' })
  @ApiOkResponse({ type: ServiceDto })
  find(@Param() { slug }: ServiceKeyDto): Promise<ServiceDto> {
    return this.reading.find(slug);
  }
}

const descriptionFrom = (body: ServiceDescriptionDto): ServiceDescription => ({
  name: body.name,
  owner: body.owner ?? null,
  criticality: body.criticality ?? null,
  vitalBusinessFunctions: body.vitalBusinessFunctions ?? [],
  users: body.users ?? null,
  dependsOn: body.dependsOn ?? [],
  liveSince: body.liveSince == null ? null : instantOf(body.liveSince),
});
