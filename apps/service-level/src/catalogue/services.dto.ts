import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Slugs, Texts } from '@underpin/contracts/fields/text';
import { OptionalMoment, OptionalWords, PageQueryDto, SlugText, Words } from '../request-fields.dto';
import { CRITICALITIES } from './service';

export class ServiceKeyDto {
  @SlugText({ example: 'payroll', description: 'The slug by which the service is addressed' })
  slug: string;
}

/** A service as it is to stand in the catalogue: this replaces what was said before. */
export class ServiceDescriptionDto {
  @Words(200, { example: 'Payroll' })
  name: string;

  @OptionalWords(200, { example: 'IT Operations', nullable: true, description: 'Who answers for it' })
  owner?: string | null;

  @ApiPropertyOptional({ enum: CRITICALITIES, nullable: true, example: 'high' })
  @IsOptional()
  @IsIn(CRITICALITIES)
  criticality?: (typeof CRITICALITIES)[number] | null;

  @ApiPropertyOptional({
    type: [String],
    example: ['Paying salaries'],
    description: 'What the business cannot do without it',
  })
  @IsOptional()
  @Texts(50, 200)
  vitalBusinessFunctions?: string[] | null;

  @ApiPropertyOptional({ nullable: true, example: 1200, description: 'People who depend on it' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000_000_000)
  users?: number | null;

  @ApiPropertyOptional({ type: [String], example: [], description: 'Services that it rests on (slugs)' })
  @IsOptional()
  @Slugs(200)
  dependsOn?: string[] | null;

  @OptionalMoment({
    example: '2026-01-01T00:00:00Z',
    nullable: true,
    description:
      'Before this instant nothing is promised and nothing measured; absent: proposed only. Stays as it is once an agreement rests on it.',
  })
  liveSince?: string | null;
}

export class ServicesQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: ['proposed', 'live', 'retired'] })
  @IsOptional()
  @IsIn(['proposed', 'live', 'retired'])
  status?: 'proposed' | 'live' | 'retired';
}

export class ServiceDto {
  @ApiProperty({ example: 'payroll' }) id: string;
  @ApiProperty({ example: 'Payroll' }) name: string;
  @ApiProperty({ enum: ['proposed', 'live', 'retired'], example: 'live' }) status: string;
  @ApiProperty({ type: String, nullable: true, example: 'IT Operations' }) owner: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'high' }) criticality: string | null;
  @ApiProperty({ type: [String], example: ['Paying salaries'] }) vitalBusinessFunctions: readonly string[];
  @ApiProperty({ type: Number, nullable: true, example: 1200 }) users: number | null;
  @ApiProperty({ type: [String], example: [] }) dependsOn: readonly string[];
  @ApiProperty({ type: String, nullable: true, example: '2026-01-01T00:00:00.000Z' }) liveSince: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) retiredAt: string | null;
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ example: '2026-01-01T08:00:00.000Z', description: 'When we learned the newest of it' })
  recordedAt: string;
}

export class ServiceListDto {
  @ApiProperty({ type: [ServiceDto] }) services: ServiceDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}
