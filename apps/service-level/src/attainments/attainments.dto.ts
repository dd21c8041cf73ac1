import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { Moment, OptionalMoment, OptionalSlugText, PageQueryDto, SlugText } from '../request-fields.dto';

const STATES = ['measuring', 'at-risk', 'met', 'missed', 'not-measured'] as const;

export class AttainmentKeyDto {
  @SlugText({ example: 'payroll-sla', description: 'Reference of the agreement' })
  agreement: string;

  @Moment({
    example: '2026-09-30T22:00:00.000Z',
    description: 'Start of the period, as the list of attainments says it',
  })
  from: string;
}

export class AttainmentsQueryDto extends PageQueryDto {
  @OptionalSlugText({ example: 'payroll-sla' })
  agreement?: string;

  @OptionalSlugText({ example: 'payroll' })
  service?: string;

  @OptionalMoment({ example: '2026-01-01T00:00:00Z', description: 'Only periods that reach beyond this instant' })
  from?: string;

  @OptionalMoment({ example: '2027-01-01T00:00:00Z', description: 'Only periods that begin before this instant' })
  to?: string;

  @ApiPropertyOptional({ enum: STATES })
  @IsOptional()
  @IsIn(STATES)
  state?: string;

  @ApiPropertyOptional({ enum: ['open', 'closed'] })
  @IsOptional()
  @IsIn(['open', 'closed'])
  status?: string;
}

export class AttainmentPeriodDto {
  @ApiProperty({ example: 'month' }) kind: string;
  @ApiProperty({ example: 'Europe/Berlin' }) zone: string;
  @ApiProperty({ example: '2026-10' }) label: string;
  @ApiProperty({ example: '2026-09-30T22:00:00.000Z' }) from: string;
  @ApiProperty({ example: '2026-10-31T23:00:00.000Z' }) to: string;
}

export class AchievedDto {
  @ApiProperty({ example: '99.8881', description: 'For display, cut off to 4 decimals: what is shown never decides' })
  percent: string;
  @ApiProperty({ example: '26790000000000', description: 'Available time in basis points × ms' }) num: string;
  @ApiProperty({ example: '26820000000000', description: 'Agreed time in basis points × ms' }) den: string;
}

export class ReachedTierDto {
  @ApiProperty({ example: '99.9' }) below: string;
  @ApiProperty({ example: false }) inclusive: boolean;
  @ApiProperty({ example: '10' }) percent: string;
}

export class JudgedFigureDto {
  @ApiProperty({ description: '<measure>/<from>/<to>' }) id: string;
  @ApiProperty({ example: 4, description: 'The newest revision that was heard' }) revision: number;
  @ApiProperty({ example: '2026-10-13T14:50:02.113Z' }) asOf: string;
}

export class CloseDto {
  @ApiProperty({ example: 5, description: 'Revision with which it was closed' }) revision: number;
  @ApiProperty({ example: '2026-11-07T23:00:00.412Z' }) at: string;
}

/** Whether an agreement was kept in one period. Downtime and what is achieved are those of the newest figure. */
export class AttainmentDto {
  @ApiProperty({ example: 'payroll-sla/2026-09-30T22:00:00.000Z' }) id: string;
  @ApiProperty({ example: 'payroll-sla' }) agreement: string;
  @ApiProperty({ enum: ['SLA', 'OLA', 'UC'], example: 'SLA' }) kind: string;
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({ type: String, nullable: true, example: null }) provider: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'acme' }) recipient: string | null;
  @ApiProperty({ example: 1, description: 'Number of the term that it is judged by' }) term: number;
  @ApiProperty({ type: AttainmentPeriodDto }) period: AttainmentPeriodDto;
  @ApiProperty({
    example: '2026-09-30T22:00:00.000Z',
    description: 'The period, clipped to the agreement and to the life of the service',
  })
  from: string;
  @ApiProperty({ example: '2026-10-31T23:00:00.000Z' }) to: string;
  @ApiProperty({ enum: ['open', 'closed'], example: 'open' }) status: string;
  @ApiProperty({ enum: STATES, example: 'missed' }) state: string;
  @ApiProperty({ example: false, description: 'Closed, and what is known since then says something else' })
  restatementPending: boolean;
  @ApiProperty({ example: 3, description: 'Counts what was said of it: what a journal cites' }) revision: number;
  @ApiProperty({ example: '99.9', description: 'In percent' }) required: string;
  @ApiProperty({ type: AchievedDto, nullable: true, description: 'null: nothing was agreed to be available' })
  achieved: AchievedDto | null;
  @ApiProperty({ example: 2_682_000_000 }) agreedMs: number;
  @ApiProperty({ example: '30000000000', description: 'Downtime in basis points × ms' }) downBpMs: string;
  @ApiProperty({ example: 3_000_000, description: 'Downtime as full downtime in ms, cut off' }) downMs: number;
  @ApiProperty({ example: 2_682_000, description: 'What may be down, in ms, cut off' }) budgetMs: number;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-10-13T14:44:42.001Z',
    description: 'In the world: the first millisecond over the budget',
  })
  missedAt: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-10-13T14:44:42.013Z',
    description: 'When we declared it',
  })
  declaredAt: string | null;
  @ApiProperty({ type: ReachedTierDto, nullable: true, description: 'The deepest tier that is reached' })
  tier: ReachedTierDto | null;
  @ApiProperty({ example: '10', description: 'Percent of the fee that is credited as it stands, within the cap' })
  creditPercent: string;
  @ApiProperty({ type: CloseDto, nullable: true }) closed: CloseDto | null;
  @ApiProperty({ type: JudgedFigureDto }) figure: JudgedFigureDto;
  @ApiProperty({ example: 3 }) version: number;
  @ApiProperty({ example: '2026-10-13T14:44:42.013Z' }) recordedAt: string;
}

export class AttainmentListDto {
  @ApiProperty({ type: [AttainmentDto] }) attainments: AttainmentDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}

/** What was said of a period at one time. */
export class RevisionDto {
  @ApiProperty({ example: 2 }) revision: number;
  @ApiProperty({ example: '2026-10-13T14:44:42.013Z' }) recordedAt: string;
  @ApiProperty({ type: [String], example: ['missed', 'tier-reached'] }) because: string[];
  @ApiProperty({ example: 'open' }) status: string;
  @ApiProperty({ enum: STATES, example: 'missed' }) state: string;
  @ApiProperty({ type: String, nullable: true, example: '2026-10-13T14:44:42.001Z' }) missedAt: string | null;
  @ApiProperty({ type: ReachedTierDto, nullable: true }) tier: ReachedTierDto | null;
  @ApiProperty({ example: false }) restatementPending: boolean;
  @ApiProperty({ type: Object, description: 'The figure that it rests on' }) figure: { id: string; revision: number };
}

export class AttainmentWithRevisionsDto extends AttainmentDto {
  @ApiProperty({ type: [RevisionDto], description: 'All that was said of it, the first first' })
  revisions: RevisionDto[];
}

/** One allowance against the downtime, in integers: over ⇔ left > right (or, where the bound is >=, left >= right). */
export class AllowanceCheckDto {
  @ApiProperty({ example: 'availability:1/1000:>' }) allowance: string;
  @ApiProperty({ example: 1 }) num: number;
  @ApiProperty({ example: 1000 }) den: number;
  @ApiProperty({ enum: ['>', '>='], example: '>' }) bound: string;
  @ApiProperty({ example: '30000000000000', description: 'D · den' }) left: string;
  @ApiProperty({ example: '26820000000000', description: 'A · 10000 · num' }) right: string;
  @ApiProperty({ example: true }) over: boolean;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-10-13T14:44:42.001Z',
    description:
      'First millisecond over it, what is still down taken to go on; null: not in this period, or not watched',
  })
  crossedAt: string | null;
}

export class ExplainedTargetDto {
  @ApiProperty({ example: 'availability' }) key: string;
  @ApiProperty({ example: '99.9' }) required: string;
  @ApiProperty({ type: AllowanceCheckDto }) target: AllowanceCheckDto;
  @ApiProperty({
    type: AllowanceCheckDto,
    nullable: true,
    description: 'null: nothing is allowed, so nothing can be nearly used up',
  })
  atRisk: AllowanceCheckDto | null;
}

export class ExplainedTierDto extends AllowanceCheckDto {
  @ApiProperty({ example: '99.9' }) below: string;
  @ApiProperty({ example: false }) inclusive: boolean;
  @ApiProperty({ example: '10' }) percent: string;
}

/** From this anyone can come to the same result without us. */
export class AttainmentExplanationDto {
  @ApiProperty({ type: AttainmentDto }) attainment: AttainmentDto;
  @ApiProperty({ type: [String] }) rules: string[];
  @ApiProperty({
    type: Object,
    description: 'A: agreed time in ms, inside [from, to) by the calendar; D: downtime in basis points × ms',
  })
  measured: { from: string; to: string; calendar: object; agreedMs: number; downBpMs: string; asOf: string };
  @ApiProperty({ type: [ExplainedTargetDto] }) targets: ExplainedTargetDto[];
  @ApiProperty({ type: [ExplainedTierDto] }) tiers: ExplainedTierDto[];
  @ApiProperty({ type: Object, description: 'Measuring policy, rule by rule' }) policy: object;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Only outages of this party count; null: any',
  })
  countedParty: string | null;
  @ApiProperty({ type: Object, description: 'Where each part comes from' }) sources: {
    agreement: string;
    term: number;
    measureId: string;
    figure: object;
    explainFigure: string;
  };
}
