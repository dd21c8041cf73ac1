import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import type { Actor } from '@underpin/platform/persistence/actor';
import { Database } from '@underpin/platform/persistence/database';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { approve } from './plan';
import { approvalOf, ApprovePlanDto, planDto, PlanDto, PlanKeyDto, PlanListDto, PlansQueryDto } from './plans.dto';
import { findPlan, listPlans, plansTable } from './plans.table';

@ApiTags('Plans')
@Controller('plans')
export class PlansController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly database: Database,
  ) {}

  @Put(':slug')
  @Scope('continuity:write')
  @ApiOperation({
    summary: 'Tell of a continuity plan that has been approved',
    description: 'The same plan again changes nothing; another content is a new approval.',
  })
  @ApiOkResponse({ type: PlanDto })
  @ApiCreatedResponse({ type: PlanDto, description: 'It was not known before' })
  async approve(
    @Param() { slug }: PlanKeyDto,
    @Body() body: ApprovePlanDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlanDto> {
    const approved = await this.work.run(by, (tx) =>
      tx.change(plansTable, slug, (plan, now) => approve(plan, approvalOf(body), now)),
    );
    void reply.status(approved.changed && approved.version === 1 ? 201 : 200);
    return planDto(approved);
  }

  @Get()
  @Scope('continuity:read')
  @ApiOperation({ summary: 'Plans, by their slugs' })
  @ApiOkResponse({ type: PlanListDto })
  async list(@Query() { limit = DEFAULT_LIMIT, ...query }: PlansQueryDto): Promise<PlanListDto> {
    const found = await listPlans(this.database, { ...query, limit: limit + 1 });
    const { entries: plans, next } = pageOf(found.map(planDto), limit, (plan) => plan.slug);
    return { plans, next };
  }

  @Get(':slug')
  @Scope('continuity:read')
  @ApiOperation({ summary: 'A plan' })
  @ApiOkResponse({ type: PlanDto })
  async find(@Param() { slug }: PlanKeyDto): Promise<PlanDto> {
    return planDto(await findPlan(this.database, slug));
  }
}
