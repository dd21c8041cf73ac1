import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { LimitQueryDto } from '@underpin/platform/http/paging';
import { DecimalText } from '@underpin/contracts/fields/numbers';
import { Slug, Text } from '@underpin/contracts/fields/text';
import { iso } from '@underpin/kernel/time/instant';
import { RESOURCE_KINDS, unknownResource, type ResourceDescription, type ResourceKind } from './resource';
import type { ResourceRecord } from './resources.table';

const NOT_BLANK = { message: '$property must not begin or end with white space' };

export class ResourceKeyDto {
  @ApiProperty({ example: 'payroll-db-memory', description: 'What it is called: 1 to 63 of a-z, 0-9, ".", "_", "-"' })
  @Slug()
  slug: string;
}

/** All that is to be said of a resource: what is left out is no longer so. */
export class RegisterResourceDto {
  @ApiProperty({ example: 'Memory of the payroll database' })
  @Text(200)
  @Matches(/^\S(.*\S)?$/s, NOT_BLANK)
  name: string;

  @ApiProperty({ enum: RESOURCE_KINDS, example: 'memory' })
  @IsIn(RESOURCE_KINDS)
  kind: ResourceKind;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'payroll',
    description: 'The service that it serves (slug)',
  })
  @IsOptional()
  @Slug()
  service?: string | null;

  @ApiProperty({ example: 'GiB', description: 'What it is counted in' })
  @Text(32)
  @Matches(/^\S(.*\S)?$/s, NOT_BLANK)
  unit: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '256',
    description: 'How much of it there is: a decimal in a string, more than zero, at most 6 places',
  })
  @IsOptional()
  @DecimalText()
  capacity?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'hosting-ag',
    description: 'The party that supplies it (slug)',
  })
  @IsOptional()
  @Slug()
  supplier?: string | null;

  @ApiPropertyOptional({ example: false, description: 'true: it is no longer in use' })
  @IsOptional()
  @IsBoolean()
  retired?: boolean;
}

export const descriptionOf = ({
  name,
  kind,
  service,
  unit,
  capacity,
  supplier,
  retired,
}: RegisterResourceDto): ResourceDescription => ({
  name,
  kind,
  status: retired === true ? 'retired' : 'in-use',
  service: service ?? null,
  supplier: supplier ?? null,
  unit,
  capacity: capacity ?? null,
});

export class ResourcesQueryDto extends LimitQueryDto {
  @ApiPropertyOptional({ enum: RESOURCE_KINDS, example: 'memory' })
  @IsOptional()
  @IsIn(RESOURCE_KINDS)
  kind?: ResourceKind;

  @ApiPropertyOptional({ example: 'payroll' })
  @IsOptional()
  @Slug()
  service?: string;

  @ApiPropertyOptional({ description: 'The "next" of the page before' })
  @IsOptional()
  @Slug()
  after?: string;
}

export class ResourceDto {
  @ApiProperty({ example: 'payroll-db-memory' }) slug: string;
  @ApiProperty({ example: 'Memory of the payroll database' }) name: string;
  @ApiProperty({ enum: RESOURCE_KINDS, example: 'memory' }) kind: ResourceKind;
  @ApiProperty({ enum: ['in-use', 'retired'], example: 'in-use' }) status: string;
  @ApiProperty({ type: String, nullable: true, example: 'payroll' }) service: string | null;
  @ApiProperty({ example: 'GiB' }) unit: string;
  @ApiProperty({ type: String, nullable: true, example: '256' }) capacity: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'hosting-ag' }) supplier: string | null;
  @ApiProperty({ example: 1, description: 'Counts its changes, from 1' }) version: number;
  @ApiProperty({ example: '2026-10-13T14:50:02.113Z', description: 'When we learned the newest of it' })
  recordedAt: string;
}

export class ResourceListDto {
  @ApiProperty({ type: [ResourceDto] }) resources: ResourceDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}

export const resourceDto = ({ state: { slug, description }, version, recordedAt }: ResourceRecord): ResourceDto => {
  if (description === null) throw unknownResource(slug);
  return { slug, ...description, version, recordedAt: iso(recordedAt) };
};
