import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { PageQueryDto } from '@underpin/platform/http/paging';
import { IsDay, IsSlug } from '../wire/fields.dto';

const PER = ['month', 'quarter', 'year'] as const;

export class PriceKeyDto {
  @ApiProperty({ example: 'payroll', description: 'Service of the catalogue (slug)' })
  @IsSlug()
  service: string;

  @ApiProperty({ example: 'acme', description: 'The customer who pays it, or the supplier who charges it (slug)' })
  @IsSlug()
  party: string;
}

/** A price in force on the local days [from, to). */
export class RateDto {
  @ApiProperty({ example: '2026-01-01', description: 'The first day on which it is in force' })
  @IsDay()
  from: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: null,
    description: 'The first day on which it is not in force any more; null: until further notice',
  })
  @IsOptional()
  @IsDay()
  to?: string | null;

  @ApiProperty({ example: '10000.00', description: 'Decimal text, exact in the minor unit of the currency' })
  @IsString()
  @Matches(/^\d{1,12}(\.\d{1,4})?$/, {
    message: '$property must be an amount as decimal text such as "10000.00", at most 12 digits before the point',
  })
  amount: string;

  @ApiProperty({
    enum: PER,
    example: 'month',
    description: 'For how long the amount pays; a part of it is charged by its actual days',
  })
  @IsIn(PER)
  per: (typeof PER)[number];
}

export class PriceListDto {
  @ApiProperty({ example: 'EUR', description: 'ISO 4217; it stays once anything has been booked by this list' })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: '$property must be an ISO 4217 currency such as "EUR"' })
  currency: string;

  @ApiPropertyOptional({
    example: 'Europe/Berlin',
    default: 'UTC',
    description: 'IANA zone: whose days the rates mean',
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  zone?: string;

  @ApiProperty({
    type: [RateDto],
    minItems: 1,
    maxItems: 500,
    description: 'The whole list, always: what is not in it is no price any more',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @IsObject({ each: true, message: 'each of rates must be an object' })
  @ValidateNested({ each: true })
  @Type(() => RateDto)
  rates: RateDto[];
}

export class PricesQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ example: 'payroll' })
  @IsOptional()
  @IsSlug()
  service?: string;

  @ApiPropertyOptional({ example: 'acme' })
  @IsOptional()
  @IsSlug()
  party?: string;
}

export class RateViewDto {
  @ApiProperty({ example: '2026-01-01' }) from: string;
  @ApiProperty({ type: String, nullable: true, example: null }) to: string | null;
  @ApiProperty({ example: '10000.00' }) amount: string;
  @ApiProperty({ enum: PER, example: 'month' }) per: string;
}

export class PriceDto {
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({ example: 'acme' }) party: string;
  @ApiProperty({ example: 'EUR' }) currency: string;
  @ApiProperty({ example: 'Europe/Berlin' }) zone: string;
  @ApiProperty({
    enum: ['actual-days'],
    example: 'actual-days',
    description: 'How a part of a month, quarter or year is charged',
  })
  proration: string;
  @ApiProperty({ type: [RateViewDto] }) rates: RateViewDto[];
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ example: '2026-01-01T08:00:00.000Z' }) recordedAt: string;
}

export class PriceListsDto {
  @ApiProperty({ type: [PriceDto] }) prices: PriceDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}
