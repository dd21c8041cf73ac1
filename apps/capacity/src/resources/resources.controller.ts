import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import type { Actor } from '@underpin/platform/persistence/actor';
import { Database } from '@underpin/platform/persistence/database';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { register } from './resource';
import {
  descriptionOf,
  RegisterResourceDto,
  resourceDto,
  ResourceDto,
  ResourceKeyDto,
  ResourceListDto,
  ResourcesQueryDto,
} from './resources.dto';
import { findResource, listResources, resourcesTable } from './resources.table';

@ApiTags('Resources')
@Controller('resources')
export class ResourcesController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly database: Database,
  ) {}

  @Put(':slug')
  @Scope('capacity:write')
  @ApiOperation({
    summary: 'Register a resource, or describe it anew',
    description: 'The same description again changes nothing.',
  })
  @ApiOkResponse({ type: ResourceDto })
  @ApiCreatedResponse({ type: ResourceDto, description: 'It was not known before' })
  async register(
    @Param() { slug }: ResourceKeyDto,
    @Body() body: RegisterResourceDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResourceDto> {
    const registered = await this.work.run(by, (tx) =>
      tx.change(resourcesTable, slug, (resource, now) => register(resource, descriptionOf(body), now)),
    );
    void reply.status(registered.changed && registered.version === 1 ? 201 : 200);
    return resourceDto(registered);
  }

  @Get()
  @Scope('capacity:read')
  @ApiOperation({ summary: 'Resources, by their slugs' })
  @ApiOkResponse({ type: ResourceListDto })
  async list(@Query() { limit = DEFAULT_LIMIT, ...query }: ResourcesQueryDto): Promise<ResourceListDto> {
    const found = await listResources(this.database, { ...query, limit: limit + 1 });
    const { entries: resources, next } = pageOf(found.map(resourceDto), limit, (resource) => resource.slug);
    return { resources, next };
  }

  @Get(':slug')
  @Scope('capacity:read')
  @ApiOperation({ summary: 'A resource' })
  @ApiOkResponse({ type: ResourceDto })
  async find(@Param() { slug }: ResourceKeyDto): Promise<ResourceDto> {
    return resourceDto(await findResource(this.database, slug));
  }
}
