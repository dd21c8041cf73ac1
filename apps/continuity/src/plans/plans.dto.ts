import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { LimitQueryDto } from '@underpin/platform/http/paging';
import { matching, Slug, Slugs, Text } from '@underpin/contracts/fields/text';
import { AnyInstant } from '@underpin/contracts/fields/time';
import { instantOf, iso } from '@underpin/kernel/time/instant';
import { RECOVERY_OPTIONS, unknownPlan, type Approval, type RecoveryOption } from './plan';
import type { PlanRecord } from './plans.table';

const NOT_BLANK = { message: '$property must not begin or end with white space' };

/** Days of 24 hours, hours and minutes: what a recovery is counted in. */
const Objective = (): PropertyDecorator =>
  matching(
    /^P(?=\d|T\d)(\d{1,6}D)?(T(?=\d)(\d{1,6}H)?(\d{1,6}M)?)?$/,
    'an ISO 8601 duration of days, hours and minutes, such as PT4H or P1DT12H',
  );

export class PlanKeyDto {
  @ApiProperty({ example: 'payroll-recovery', description: 'What it is called: 1 to 63 of a-z, 0-9, ".", "_", "-"' })
  @Slug()
  slug: string;
}

/** All that is to be said of a plan: what is left out is no longer so. */
export class ApprovePlanDto {
  @ApiProperty({ example: 'Recovery of payroll' })
  @Text(200)
  @Matches(/^\S(.*\S)?$/s, NOT_BLANK)
  name: string;

  @ApiProperty({
    type: [String],
    example: ['payroll'],
    minItems: 1,
    maxItems: 50,
    description: 'The services that it brings back (slugs)',
  })
  @Slugs(50)
  @ArrayMinSize(1)
  @ArrayUnique({ message: 'services must name each service once' })
  services: string[];

  @ApiProperty({ example: 'PT4H', description: 'Recovery time objective: from the disaster to the recovered service' })
  @Objective()
  rto: string;

  @ApiProperty({ example: 'PT1H', description: 'Recovery point objective: how old what is recovered may be' })
  @Objective()
  rpo: string;

  @ApiProperty({
    enum: RECOVERY_OPTIONS,
    example: 'intermediate',
    description: 'The recovery option, from none to the fastest',
  })
  @IsIn(RECOVERY_OPTIONS)
  option: RecoveryOption;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'Head of Operations',
    description: 'Who answers for it',
  })
  @IsOptional()
  @Text(200)
  @Matches(/^\S(.*\S)?$/s, NOT_BLANK)
  owner?: string | null;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2026-03-02T10:00:00+01:00',
    description: 'When it was approved; left out: now, or as it was if nothing else is new',
  })
  @IsOptional()
  @AnyInstant()
  approvedAt?: string | null;

  @ApiPropertyOptional({ example: false, description: 'true: it is no longer in force' })
  @IsOptional()
  @IsBoolean()
  retired?: boolean;
}

export const approvalOf = ({
  name,
  services,
  rto,
  rpo,
  option,
  owner,
  approvedAt,
  retired,
}: ApprovePlanDto): Approval => ({
  content: { name, services: [...services].sort(), rto, rpo, option, owner: owner ?? null },
  retired: retired === true,
  approvedAt: approvedAt == null ? null : instantOf(approvedAt),
});

export class PlansQueryDto extends LimitQueryDto {
  @ApiPropertyOptional({ example: 'payroll', description: 'Only plans that bring this service back' })
  @IsOptional()
  @Slug()
  service?: string;

  @ApiPropertyOptional({ description: 'The "next" of the page before' })
  @IsOptional()
  @Slug()
  after?: string;
}

export class PlanDto {
  @ApiProperty({ example: 'payroll-recovery' }) slug: string;
  @ApiProperty({ example: 'Recovery of payroll' }) name: string;
  @ApiProperty({ enum: ['approved', 'retired'], example: 'approved' }) status: string;
  @ApiProperty({ type: [String], example: ['payroll'] }) services: readonly string[];
  @ApiProperty({ example: 'PT4H' }) rto: string;
  @ApiProperty({ example: 'PT1H' }) rpo: string;
  @ApiProperty({ enum: RECOVERY_OPTIONS, example: 'intermediate' }) option: RecoveryOption;
  @ApiProperty({ type: String, nullable: true, example: 'Head of Operations' }) owner: string | null;
  @ApiProperty({ example: '2026-03-02T09:00:00.000Z' }) approvedAt: string;
  @ApiProperty({ example: 1, description: 'Counts its changes, from 1' }) version: number;
  @ApiProperty({ example: '2026-10-13T14:50:02.113Z', description: 'When we learned the newest of it' })
  recordedAt: string;
}

export class PlanListDto {
  @ApiProperty({ type: [PlanDto] }) plans: PlanDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}

export const planDto = ({ state: { slug, approved }, version, recordedAt }: PlanRecord): PlanDto => {
  if (approved === null) throw unknownPlan(slug);
  return { slug, ...approved, approvedAt: iso(approved.approvedAt), version, recordedAt: iso(recordedAt) };
};
