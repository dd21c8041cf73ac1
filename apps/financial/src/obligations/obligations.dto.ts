import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { JournalDto } from '../ledger/ledger.dto';
import { PageQueryDto } from '@underpin/platform/http/paging';
import { IsSlug } from '../wire/fields.dto';

const STATUSES = ['waiting', 'none', 'accrued', 'eligible', 'settled'] as const;
const DIRECTIONS = ['credit', 'claim'] as const;

export class ObligationKeyDto {
  @ApiProperty({ example: 'sla-acme-payroll' })
  @IsSlug()
  agreement: string;

  @ApiProperty({
    example: '2026-09-30T22:00:00.000Z',
    description: 'Start of the period: an RFC 3339 date-time with its offset',
  })
  @IsString()
  @Matches(/^\d{4}-\d{2}-\d{2}[Tt][\d:.]+([Zz]|[+-]\d{2}:\d{2})$/, {
    message: '$property must be an RFC 3339 date-time with its offset, such as "2026-09-30T22:00:00.000Z"',
  })
  from: string;
}

export class ObligationsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ example: 'sla-acme-payroll' })
  @IsOptional()
  @IsSlug()
  agreement?: string;

  @ApiPropertyOptional({ example: 'acme' })
  @IsOptional()
  @IsSlug()
  party?: string;

  @ApiPropertyOptional({ example: 'payroll' })
  @IsOptional()
  @IsSlug()
  service?: string;

  @ApiPropertyOptional({ enum: STATUSES, example: 'settled' })
  @IsOptional()
  @IsIn(STATUSES)
  status?: string;
}

export class TargetCreditDto {
  @ApiProperty({ example: 'availability', description: 'Target of the agreement' }) key: string;
  @ApiProperty({ example: '10', description: 'Percent that its tier credits' }) credit: string;
}

export class ObligationDto {
  @ApiProperty({ example: 'sla-acme-payroll/2026-09-30T22:00:00.000Z' }) id: string;
  @ApiProperty({ example: 'sla-acme-payroll' }) agreement: string;
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({
    enum: DIRECTIONS,
    example: 'credit',
    description: 'credit: we owe a customer; claim: a supplier owes us',
  })
  direction: string;
  @ApiProperty({ example: 'acme' }) party: string;
  @ApiProperty({ example: '2026-09-30T22:00:00.000Z' }) from: string;
  @ApiProperty({ example: '2026-10-31T23:00:00.000Z' }) to: string;
  @ApiProperty({ enum: STATUSES, example: 'settled' }) status: string;
  @ApiProperty({
    type: [String],
    example: [],
    description: 'What is not known yet: "price of payroll for acme", "agreement sla-acme-payroll"',
  })
  waitingFor: string[];
  @ApiProperty({ type: String, nullable: true, example: 'EUR', description: 'Null: no price is known' }) currency:
    string | null;
  @ApiProperty({ type: String, nullable: true, example: '10000.00', description: 'Fee of the period; null: not known' })
  fee: string | null;
  @ApiProperty({ type: [TargetCreditDto] }) targets: TargetCreditDto[];
  @ApiProperty({ example: '10', description: 'Percent of the fee, after combination and cap' }) tierPercent: string;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'The cap, where it was reached and passed' })
  capUsed: string | null;
  @ApiProperty({ example: '1000.00', description: 'What is owed now' }) amount: string;
  @ApiProperty({ example: '1000.00', description: 'What the ledger has for it; of a claim 0: it is a memo' })
  posted: string;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Of a claim: until when it may be filed' })
  deadline: string | null;
  @ApiProperty({ example: 5, description: 'Revision of the attainment that it answers' }) attainmentRevision: number;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a11',
    description: 'The credit note that settles it',
  })
  documentId: string | null;
  @ApiProperty({ example: true, description: 'Its attainment is closed and it is answered: it moves no more' })
  final: boolean;
  @ApiProperty({
    example: false,
    description: 'After the close a later fact says something else: shown, and no money moves by it',
  })
  restatementPending: boolean;
  @ApiProperty({ example: 4 }) version: number;
  @ApiProperty({ example: '2026-11-07T23:00:00.214Z' }) recordedAt: string;
}

export class ObligationListDto {
  @ApiProperty({ type: [ObligationDto] }) obligations: ObligationDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}

/** An exact number, as two integers. */
export class ExactDto {
  @ApiProperty({ example: '1000000', description: 'Numerator, in minor units of the currency' }) num: string;
  @ApiProperty({ example: '1' }) den: string;
}

export class FeePartDto {
  @ApiProperty({ example: '2026-10-01', description: 'First local day' }) from: string;
  @ApiProperty({ example: '2026-11-01', description: 'First local day that does not count' }) to: string;
  @ApiProperty({ example: 31 }) days: number;
  @ApiProperty({ example: '10000.00', description: 'The rate in force' }) amount: string;
  @ApiProperty({ enum: ['month', 'quarter', 'year'], example: 'month' }) per: string;
  @ApiProperty({ example: 31, description: 'Days of the month, quarter or year that holds them' }) daysOfPeriod: number;
  @ApiProperty({ type: ExactDto, description: 'amount × days / daysOfPeriod' }) exact: ExactDto;
}

export class ExplainedFeeDto {
  @ApiProperty({ type: String, nullable: true, example: 'Europe/Berlin', description: 'Whose days the rates mean' })
  zone: string | null;
  @ApiProperty({ type: [FeePartDto] }) parts: FeePartDto[];
  @ApiProperty({ type: ExactDto, description: 'Sum of the parts' }) exact: ExactDto;
  @ApiProperty({ type: String, nullable: true, example: '10000.00', description: 'Rounded for show; null: not known' })
  rounded: string | null;
}

export class ExplainedRemedyDto {
  @ApiProperty({ type: [TargetCreditDto], description: 'Targets whose tier is reached' }) targets: TargetCreditDto[];
  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['highest', 'sum'],
    example: 'highest',
    description: 'How targets combine',
  })
  combine: string | null;
  @ApiProperty({ type: String, nullable: true, example: '50', description: 'The most, in percent of the fee' }) cap:
    string | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'The cap, where it was reached and passed' })
  capUsed: string | null;
  @ApiProperty({ example: '10', description: 'Percent of the fee that is owed' }) percent: string;
}

export class ExplainedAmountDto {
  @ApiProperty({ type: ExactDto, description: 'Fee × percent / 100' }) exact: ExactDto;
  @ApiProperty({ example: 'once, half to even, to the minor unit of the currency' }) rounding: string;
  @ApiProperty({ example: '1000.00' }) rounded: string;
}

export class ObligationLinksDto {
  @ApiProperty({
    example: '/service-level/attainments/sla-acme-payroll/2026-09-30T22:00:00.000Z/explain',
    description: 'Why the target was missed',
  })
  attainment: string;
  @ApiProperty({ example: '/service-level/agreements/sla-acme-payroll' }) agreement: string;
  @ApiProperty({ example: '/financial/prices/payroll/acme' }) price: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '/financial/credit-notes/0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a11',
  })
  creditNote: string | null;
}

export class ObligationExplanationDto {
  @ApiProperty({ type: ObligationDto }) obligation: ObligationDto;
  @ApiProperty({ type: ExplainedFeeDto }) fee: ExplainedFeeDto;
  @ApiProperty({ type: ExplainedRemedyDto }) remedy: ExplainedRemedyDto;
  @ApiProperty({ type: ExplainedAmountDto }) amount: ExplainedAmountDto;
  @ApiProperty({
    type: [JournalDto],
    description: 'Everything that was posted for it; by account it sums to what is posted now',
  })
  journals: JournalDto[];
  @ApiProperty({ type: ObligationLinksDto, description: 'At the gateway' }) links: ObligationLinksDto;
}
