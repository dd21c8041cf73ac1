import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { PageQueryDto } from '@underpin/platform/http/paging';
import { IsDay, IsSlug } from '../wire/fields.dto';

export class InvoiceRequestDto {
  @ApiProperty({ example: 'acme', description: 'Customer (slug)' })
  @IsSlug()
  customer: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'payroll',
    description: 'One service alone; absent: all that the customer has a price for',
  })
  @IsOptional()
  @IsSlug()
  service?: string | null;

  @ApiProperty({ example: '2026-11-01', description: 'The first local day that is charged' })
  @IsDay()
  from: string;

  @ApiProperty({ example: '2026-12-01', description: 'The first local day that is not charged any more' })
  @IsDay()
  to: string;
}

export class DocumentKeyDto {
  @ApiProperty({ format: 'uuid', example: '0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a11' })
  @IsUUID()
  id: string;
}

export class DocumentsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ example: 'acme' })
  @IsOptional()
  @IsSlug()
  customer?: string;
}

export class DocumentLineDto {
  @ApiProperty({ enum: ['fee', 'service-credit'], example: 'fee' }) kind: string;
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({ example: '2026-10-31T23:00:00.000Z' }) from: string;
  @ApiProperty({ example: '2026-11-30T23:00:00.000Z' }) to: string;
  @ApiProperty({ example: 'Payroll, 2026-11-01 to 2026-11-30 (10000.00 EUR a month)' }) text: string;
  @ApiProperty({ example: '10000.00', description: "Negative: in the customer's favour" }) amount: string;
  @ApiProperty({ example: 'price/payroll/acme', description: 'What it rests on' }) cites: string;
}

export class DocumentDto {
  @ApiProperty({ format: 'uuid', example: '0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a11' }) id: string;
  @ApiProperty({ example: 'INV-000001', description: 'Without gaps' }) number: string;
  @ApiProperty({ enum: ['invoice', 'credit-note'], example: 'invoice' }) kind: string;
  @ApiProperty({ example: 'acme' }) customer: string;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'The one service that it is about' })
  service: string | null;
  @ApiProperty({ example: '2026-12-01T08:00:00.000Z' }) issuedAt: string;
  @ApiProperty({ example: 'EUR' }) currency: string;
  @ApiProperty({ type: [DocumentLineDto] }) lines: DocumentLineDto[];
  @ApiProperty({ example: '9000.00', description: "Sum of the lines; negative: in the customer's favour" })
  total: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a12',
    description: 'The journal that books it; null: there was nothing to book',
  })
  journal: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Of a credit note: the number of the invoice that takes it into account; null: none yet',
  })
  appliedBy: string | null;
  @ApiProperty({ example: 1 }) version: number;
}

export class InvoiceListDto {
  @ApiProperty({ type: [DocumentDto], description: 'The newest first' }) invoices: DocumentDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}

export class CreditNoteListDto {
  @ApiProperty({ type: [DocumentDto], description: 'The newest first' }) creditNotes: DocumentDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}
