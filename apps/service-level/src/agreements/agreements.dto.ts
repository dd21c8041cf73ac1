import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Many, One } from '@underpin/contracts/fields/nesting';
import { Slugs } from '@underpin/contracts/fields/text';
import { IsoDuration } from '@underpin/contracts/fields/time';
import {
  Moment,
  OptionalMoment,
  OptionalPercentWords,
  OptionalSlugText,
  PageQueryDto,
  PercentWords,
  SlugText,
  Words,
} from '../request-fields.dto';
import { AGREEMENT_KINDS, type AgreementKind } from './proposal';

export class AgreementKeyDto {
  @SlugText({ example: 'payroll-sla', description: 'The reference on the contract (slug)' })
  reference: string;
}

/** A stretch of time, [from, to). */
export class EffectiveDto {
  @Moment({ example: '2026-01-01T00:00:00+01:00' })
  from: string;

  @OptionalMoment({ example: null, nullable: true, description: 'Absent: until further notice' })
  to?: string | null;
}

export class TargetDto {
  @PercentWords({ example: '99.9', description: 'Least availability, in percent, as text' })
  availability: string;
}

export class TierDto {
  @PercentWords({ example: '99.9', description: 'Availability below which the tier applies, in percent, as text' })
  below: string;

  @PercentWords({ example: '10', description: 'Percent of the fee that is credited, as text' })
  percent: string;

  @ApiPropertyOptional({ example: false, description: 'True: it applies at exactly this availability already' })
  @IsOptional()
  @IsBoolean()
  inclusive?: boolean;
}

export class RemedyDto {
  @ApiProperty({
    type: [TierDto],
    example: [
      { below: '99.9', percent: '10' },
      { below: '99.0', percent: '25' },
    ],
    description: 'The highest begins at the target',
  })
  @Many(() => TierDto, 20)
  tiers: TierDto[];

  @OptionalPercentWords({
    example: '50',
    nullable: true,
    description: 'The most that one period credits, in percent of the fee',
  })
  cap?: string | null;
}

/** What is to be agreed. */
export class ProposalDto {
  @ApiProperty({
    enum: AGREEMENT_KINDS,
    example: 'SLA',
    description: 'SLA with a customer, UC with a supplier, OLA with a team',
  })
  @IsIn(AGREEMENT_KINDS)
  kind: AgreementKind;

  @SlugText({ example: 'payroll' })
  service: string;

  @OptionalSlugText({ example: 'acme', nullable: true, description: 'Of an SLA: to whom it is promised' })
  customer?: string | null;

  @OptionalSlugText({ example: null, nullable: true, description: 'Of a UC: who promises' })
  supplier?: string | null;

  @OptionalSlugText({ example: null, nullable: true, description: 'Of an OLA: the team that promises' })
  provider?: string | null;

  @ApiProperty({ type: EffectiveDto })
  @One(() => EffectiveDto)
  effective: EffectiveDto;

  @Words(64, { example: 'Europe/Berlin', description: 'IANA time zone of its service hours and periods' })
  zone: string;

  @ApiPropertyOptional({ type: String, example: '24x7', description: 'Only "24x7" at present' })
  @Allow()
  serviceHours?: unknown;

  @Words(20, { example: 'month', description: '"month" or "quarter" at present' })
  reportingPeriod: string;

  @ApiPropertyOptional({ example: 'P7D', description: 'From the end of a period to its close (ISO 8601 duration)' })
  @IsOptional()
  @IsoDuration()
  grace?: string | null;

  @ApiProperty({ type: TargetDto })
  @One(() => TargetDto)
  target: TargetDto;

  @ApiPropertyOptional({ type: RemedyDto, nullable: true })
  @IsOptional()
  @One(() => RemedyDto)
  remedy?: RemedyDto | null;

  @ApiPropertyOptional({ type: [String], example: [], description: 'OLAs and UCs that it rests on (references)' })
  @IsOptional()
  @Slugs(100)
  underpinnedBy?: string[] | null;
}

export class AgreementsQueryDto extends PageQueryDto {
  @OptionalSlugText({ example: 'payroll' })
  service?: string;

  @OptionalSlugText({ example: 'acme', description: 'Customer, supplier or team' })
  party?: string;

  @ApiPropertyOptional({ enum: AGREEMENT_KINDS })
  @IsOptional()
  @IsIn(AGREEMENT_KINDS)
  kind?: AgreementKind;

  @ApiPropertyOptional({ enum: ['draft', 'agreed', 'in-force', 'expired'] })
  @IsOptional()
  @IsIn(['draft', 'agreed', 'in-force', 'expired'])
  status?: string;
}

export class AgreedTierDto {
  @ApiProperty({ example: '99.9' }) below: string;
  @ApiProperty({ example: false }) inclusive: boolean;
  @ApiProperty({ example: '10' }) percent: string;
}

export class AgreedRemedyDto {
  @ApiProperty({ type: [AgreedTierDto] }) tiers: AgreedTierDto[];
  @ApiProperty({ type: String, nullable: true, example: '50' }) cap: string | null;
  @ApiProperty({ example: 'period-fee' }) base: string;
  @ApiProperty({ example: 'highest' }) combine: string;
  @ApiProperty({ type: String, nullable: true, example: null }) claimBy: string | null;
  @ApiProperty({ example: 'on-approval' }) clawback: string;
}

export class AgreementDto {
  @ApiProperty({ example: 'payroll-sla' }) id: string;
  @ApiProperty({ enum: AGREEMENT_KINDS, example: 'SLA' }) kind: string;
  @ApiProperty({ enum: ['draft', 'agreed', 'in-force', 'expired'], example: 'in-force' }) status: string;
  @ApiProperty({ example: '2026-01-01T00:00:00.000Z', description: 'When it came into this status' }) enteredAt: string;
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Who promises; null: the organisation' })
  provider: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'acme', description: 'To whom; null: the organisation' })
  recipient: string | null;
  @ApiProperty({ type: Object, example: { from: '2025-12-31T23:00:00.000Z', to: null } }) effective: {
    from: string;
    to: string | null;
  };
  @ApiProperty({ example: 'Europe/Berlin' }) zone: string;
  @ApiProperty({ example: '24x7' }) serviceHours: unknown;
  @ApiProperty({ example: 'month' }) reportingPeriod: string;
  @ApiProperty({ example: 'P7D' }) grace: string;
  @ApiProperty({ example: 'P12M' }) restatementWindow: string;
  @ApiProperty({ type: TargetDto }) target: TargetDto;
  @ApiProperty({ type: AgreedRemedyDto, nullable: true }) remedy: AgreedRemedyDto | null;
  @ApiProperty({ type: [String], example: [] }) underpinnedBy: readonly string[];
  @ApiProperty({ description: 'By what it is measured: agreements that count the same share it' }) measureId: string;
  @ApiProperty({
    type: [String],
    example: ['availability:1/1000:>'],
    description: 'Keys of what is watched on each figure',
  })
  allowances: string[];
  @ApiProperty({ type: Object, description: 'How outages are counted, rule by rule' }) policy: object;
  @ApiProperty({ example: 3 }) version: number;
  @ApiProperty({ example: '2026-01-01T08:00:00.000Z' }) recordedAt: string;
}

export class AgreementListDto {
  @ApiProperty({ type: [AgreementDto] }) agreements: AgreementDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}
