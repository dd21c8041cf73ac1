import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { PageQueryDto } from '@underpin/platform/http/paging';
import { IsSlug } from '../wire/fields.dto';
import { ACCOUNTS, JOURNAL_KINDS } from './journal';

export class JournalsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({
    example: 'attainment/sla-acme-payroll/2026-09-30T22:00:00.000Z',
    description: 'What the journal answers: whole, or its beginning up to a slash',
  })
  @IsOptional()
  @IsString()
  @Length(1, 300)
  cites?: string;

  @ApiPropertyOptional({ example: 'sla-acme-payroll' })
  @IsOptional()
  @IsSlug()
  agreement?: string;

  @ApiPropertyOptional({ example: 'acme', description: 'Party of at least one of its entries' })
  @IsOptional()
  @IsSlug()
  party?: string;
}

export class EntryDto {
  @ApiProperty({ enum: ACCOUNTS, example: 'service-credits' }) account: string;
  @ApiProperty({ example: 'acme' }) party: string;
  @ApiProperty({ example: '1000.00', description: 'A debit is positive, a credit negative' }) amount: string;
  @ApiProperty({ example: 'EUR' }) currency: string;
}

export class JournalDto {
  @ApiProperty({ format: 'uuid', example: '0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a11' }) id: string;
  @ApiProperty({ example: '2026-10', description: 'Month of the books' }) accountingPeriod: string;
  @ApiProperty({ example: '2026-10-13T14:13:12.214Z' }) at: string;
  @ApiProperty({ enum: JOURNAL_KINDS, example: 'accrual' }) kind: string;
  @ApiProperty({
    example: 'attainment/sla-acme-payroll/2026-09-30T22:00:00.000Z/revision/2',
    description: 'What it answers',
  })
  cites: string;
  @ApiProperty({ type: String, nullable: true, example: 'sla-acme-payroll/2026-09-30T22:00:00.000Z' }) obligation:
    string | null;
  @ApiProperty({ type: String, nullable: true, example: 'sla-acme-payroll' }) agreement: string | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'The invoice or credit note that it books' })
  document: string | null;
  @ApiProperty({ type: [EntryDto], description: 'Their amounts sum to 0 in each currency' }) entries: EntryDto[];
}

export class JournalsDto {
  @ApiProperty({ type: [JournalDto], description: 'The oldest first' }) journals: JournalDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}

export class AccountBalanceDto {
  @ApiProperty({ enum: ACCOUNTS, example: 'service-credits' }) account: string;
  @ApiProperty({ example: 'EUR' }) currency: string;
  @ApiProperty({ example: '2500.00', description: 'Sum of its debits' }) debit: string;
  @ApiProperty({ example: '1500.00', description: 'Sum of its credits' }) credit: string;
  @ApiProperty({ example: '1000.00', description: 'Debits less credits' }) balance: string;
}

export class CurrencySumDto {
  @ApiProperty({ example: 'EUR' }) currency: string;
  @ApiProperty({ example: '0.00', description: 'Over all accounts: 0, or the books are wrong' }) balance: string;
}

export class TrialBalanceDto {
  @ApiProperty({ type: [AccountBalanceDto] }) accounts: AccountBalanceDto[];
  @ApiProperty({ type: [CurrencySumDto] }) sums: CurrencySumDto[];
  @ApiProperty({ example: true }) balanced: boolean;
}

export class AccountingPeriodDto {
  @ApiProperty({ example: '2026-11' }) month: string;
  @ApiProperty({ example: 'UTC', description: 'Whose clocks say when the month begins' }) zone: string;
  @ApiProperty({ enum: ['open', 'soft-closed', 'closed'], example: 'open' }) status: string;
  @ApiProperty({ example: '2026-11-08T00:00:01.002Z' }) openedAt: string;
  @ApiProperty({ type: String, nullable: true, example: null }) closedAt: string | null;
}

export class AccountingPeriodsDto {
  @ApiProperty({ type: [AccountingPeriodDto], description: 'The newest first' })
  accountingPeriods: AccountingPeriodDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}
