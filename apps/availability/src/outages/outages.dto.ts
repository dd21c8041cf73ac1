import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { PageQueryDto } from '@underpin/platform/http/paging';

export const SLUG = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const SLUG_MESSAGE = '$property must be a slug: 1 to 63 of a-z, 0-9, ".", "_", "-", beginning with a letter or digit';
const INSTANT_MESSAGE =
  '$property must be an RFC 3339 date-time with its offset, such as "2026-10-13T14:00:00Z", or null to take it back';
const LARGEST_SEQUENCE = Number.MAX_SAFE_INTEGER;

/** An instant as text; the exact reading (offset, range) is done by the kernel. */
const Moment =
  (description: string, example: string): PropertyDecorator =>
  (target, property) => {
    ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, description, example })(target, property);
    IsOptional()(target, property);
    IsISO8601({ strict: true }, { message: INSTANT_MESSAGE })(target, property);
  };

/** Which outage: the source that tells about it, and the source's own id for it. */
export class OutageKeyDto {
  @ApiProperty({ example: 'monitoring', description: 'The system that tells about it (slug)' })
  @Matches(SLUG, { message: SLUG_MESSAGE })
  source: string;

  @ApiProperty({ example: 'INC-1001', description: 'Its own id for the outage' })
  @IsString()
  @Length(1, 200)
  @Matches(/^\S(.*\S)?$/, { message: 'externalId must not begin or end with white space' })
  externalId: string;
}

/** What is known about an outage now. An absent field says nothing, null takes back what was said. */
export class OutageReportDto {
  @ApiPropertyOptional({
    example: 1,
    description:
      'Number of this telling among those of its source about this outage: the highest has the last word. Needed where toldAt is absent.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQUENCE)
  sequence?: number;

  @Moment(
    'When the source said so: the latest has the last word. Needed where sequence is absent.',
    '2026-10-13T14:01:10.000Z',
  )
  toldAt?: string;

  @ApiPropertyOptional({
    nullable: true,
    example: 'payroll',
    description: 'Service that is affected (slug of the catalogue)',
  })
  @IsOptional()
  @Matches(SLUG, { message: SLUG_MESSAGE })
  service?: string | null;

  @ApiPropertyOptional({ nullable: true, example: 'db-01', description: 'Component that failed (slug)' })
  @IsOptional()
  @Matches(SLUG, { message: SLUG_MESSAGE })
  component?: string | null;

  @Moment('When it began in the world', '2026-10-13T14:00:00.000Z')
  occurredAt?: string | null;

  @Moment('When it was noticed', '2026-10-13T14:00:30.000Z')
  detectedAt?: string | null;

  @Moment('When it was told to the service desk', '2026-10-13T14:01:00.000Z')
  reportedAt?: string | null;

  @Moment('When its cause was known', '2026-10-13T14:20:00.000Z')
  diagnosedAt?: string | null;

  @Moment('When what had failed was repaired', '2026-10-13T14:40:00.000Z')
  repairedAt?: string | null;

  @Moment('When the component worked again', '2026-10-13T14:45:00.000Z')
  recoveredAt?: string | null;

  @Moment('When the users had their service again', '2026-10-13T14:50:00.000Z')
  restoredAt?: string | null;

  @ApiPropertyOptional({
    nullable: true,
    example: 10_000,
    minimum: 0,
    maximum: 10_000,
    description: 'How much of the service was lost, in basis points: 10000 (the default) is all of it',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  weight?: number | null;

  @ApiPropertyOptional({
    nullable: true,
    example: 'hardware',
    description: 'Cause, in the words of your own classification',
  })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  cause?: string | null;

  @ApiPropertyOptional({ nullable: true, example: 'hoster', description: 'Party that answers for it (slug)' })
  @IsOptional()
  @Matches(SLUG, { message: SLUG_MESSAGE })
  party?: string | null;

  @ApiPropertyOptional({ nullable: true, example: false })
  @IsOptional()
  @IsBoolean()
  planned?: boolean | null;

  @ApiPropertyOptional({ nullable: true, example: 120, description: 'Users affected' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000_000_000)
  users?: number | null;

  @ApiPropertyOptional({
    nullable: true,
    example: false,
    description: 'True: it was no outage. Holds until a later telling says otherwise.',
  })
  @IsOptional()
  @IsBoolean()
  withdrawn?: boolean | null;
}

/** A telling with the outage that it is about. */
export class BatchedReportDto extends OutageReportDto {
  @ApiProperty({ example: 'monitoring' })
  @Matches(SLUG, { message: SLUG_MESSAGE })
  source: string;

  @ApiProperty({ example: 'INC-1001' })
  @IsString()
  @Length(1, 200)
  externalId: string;
}

/** Up to 200 tellings; each is answered by itself. */
export class OutageBatchDto {
  @ApiProperty({ type: [BatchedReportDto], minItems: 1, maxItems: 200 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsObject({ each: true, message: 'each of reports must be an object that tells about one outage' })
  reports: Record<string, unknown>[];
}

export class OutagesQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ example: 'payroll' })
  @IsOptional()
  @Matches(SLUG, { message: SLUG_MESSAGE })
  service?: string;

  @ApiPropertyOptional({ enum: ['attention'], description: 'Only those that a person has to look after' })
  @IsOptional()
  @Matches(/^attention$/, { message: 'needs can only be "attention"' })
  needs?: string;

  @ApiPropertyOptional({ enum: ['true'], description: 'Only those that are not restored yet' })
  @IsOptional()
  @Matches(/^true$/, { message: 'open can only be "true"' })
  open?: string;
}

/** What is believed about an outage, from everything that was told. */
export class OutageDto {
  @ApiProperty({ format: 'uuid', example: '0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a11' }) id: string;
  @ApiProperty({ example: 'monitoring' }) source: string;
  @ApiProperty({ example: 'INC-1001' }) externalId: string;
  @ApiProperty({ type: String, nullable: true, example: 'payroll' }) service: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) component: string | null;
  @ApiProperty({ enum: ['measurable', 'incomplete', 'unattributed', 'withdrawn'], example: 'measurable' })
  state: string;
  @ApiProperty({ type: [String], example: [], description: 'What a person has to look after; empty: nothing' })
  needsAttention: string[];
  @ApiProperty({ type: String, nullable: true, example: '2026-10-13T14:00:00.000Z' }) occurredAt: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) detectedAt: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) reportedAt: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) diagnosedAt: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) repairedAt: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) recoveredAt: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-10-13T14:50:00.000Z' }) restoredAt: string | null;
  @ApiProperty({ example: 10_000 }) weight: number;
  @ApiProperty({ type: String, nullable: true, example: 'hardware' }) cause: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) party: string | null;
  @ApiProperty({ example: false }) planned: boolean;
  @ApiProperty({ type: Number, nullable: true, example: 120 }) users: number | null;
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ example: '2026-10-13T14:50:02.113Z', description: 'When we learned the newest of it' })
  recordedAt: string;
}

/** One telling, as it was told. */
export class ToldReportDto {
  @ApiProperty({
    example: '3f6c0f0f2a4be4c33c9b7f3d0a1c2e5b6d7f8091a2b3c4d5e6f708192a3b4c5d',
    description: 'SHA-256 of its canonical words',
  })
  id: string;
  @ApiProperty({ type: Number, nullable: true, example: 1 }) sequence: number | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-10-13T14:01:10.000Z' }) toldAt: string | null;
  @ApiProperty({ example: '2026-10-13T14:01:12.113Z' }) recordedAt: string;
  @ApiProperty({ type: Object, example: { service: 'payroll', occurredAt: '2026-10-13T14:00:00.000Z' } }) says: object;
}

/** An outage with everything that was told about it, in the order in which it counts: the last has the last word. */
export class ToldOutageDto extends OutageDto {
  @ApiProperty({ type: [ToldReportDto] }) reports: ToldReportDto[];
}

export class OutageListDto {
  @ApiProperty({ type: [OutageDto] }) outages: OutageDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}

/** The answer to one telling of a batch: an outage, or what was wrong with it. */
export class BatchAnswerDto {
  @ApiProperty({ example: 200 }) status: number;
  @ApiPropertyOptional({ type: OutageDto }) outage?: OutageDto;
  @ApiPropertyOptional({ type: Object, description: 'RFC 9457 problem details' }) problem?: object;
}

export class BatchAnswersDto {
  @ApiProperty({ type: [BatchAnswerDto], description: 'In the order of the tellings' }) answers: BatchAnswerDto[];
}
