import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { PageQueryDto } from '@underpin/platform/http/paging';
import { SLUG } from '../outages/outages.dto';

export class FiguresQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ example: 'payroll' })
  @IsOptional()
  @Matches(SLUG, { message: 'service must be a slug such as payroll' })
  service?: string;

  @ApiPropertyOptional({ example: '2026-10', description: 'Label of a period: 2024-Q1, 2024-03' })
  @IsOptional()
  @Matches(/^\d{4}(-Q[1-4]|-W\d{2}|-\d{2}(-\d{2})?)?$/, {
    message: 'period must be a label such as 2024-Q1 or 2024-03',
  })
  period?: string;

  @ApiPropertyOptional({ enum: ['open', 'closing', 'closed'], example: 'open' })
  @IsOptional()
  @Matches(/^(open|closing|closed)$/, { message: 'status must be open, closing or closed' })
  status?: string;

  @ApiPropertyOptional({ description: 'Id of a measure' })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: 'measure must be the id of a measure: 64 hexadecimal digits' })
  measure?: string;
}

export class FigurePeriodDto {
  @ApiProperty({ example: 'month' }) kind: string;
  @ApiProperty({ example: 'Europe/Berlin' }) zone: string;
  @ApiProperty({ example: '2026-10' }) label: string;
  @ApiProperty({ example: '2026-09-30T22:00:00.000Z' }) from: string;
  @ApiProperty({ example: '2026-10-31T23:00:00.000Z' }) to: string;
}

export class StillDownDto {
  @ApiProperty({ example: '2026-10-13T14:00:00.000Z' }) since: string;
  @ApiProperty({ example: 10_000 }) weightBp: number;
}

export class CrossingDto {
  @ApiProperty({ example: 'availability:1/1000:>' }) allowance: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-10-13T14:44:42.001Z',
    description: 'First millisecond at which downtime is over the allowance; null: not in this period',
  })
  at: string | null;
}

const MEASURE = '3c1c4a2f0b7d6e5a4938271605f4e3d2c1b0a99887766554433221100ffeeddc';

export class FigureDto {
  @ApiProperty({ example: `${MEASURE}/2026-09-30T22:00:00.000Z/2026-10-31T23:00:00.000Z` }) id: string;
  @ApiProperty({ example: MEASURE }) measureId: string;
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Only outages of this party are counted; null: any',
  })
  countedParty: string | null;
  @ApiProperty({ type: FigurePeriodDto }) period: FigurePeriodDto;
  @ApiProperty({
    example: '2026-09-30T22:00:00.000Z',
    description: 'The period, clipped to the agreement and to the life of the service: [from, to)',
  })
  from: string;
  @ApiProperty({ example: '2026-10-31T23:00:00.000Z' }) to: string;
  @ApiProperty({ enum: ['open', 'closing', 'closed'], example: 'open' }) status: string;
  @ApiProperty({ example: false, description: 'Its cutoff lay before it was first measured: closed by command only' })
  historical: boolean;
  @ApiProperty({ example: '2026-11-08T00:00:00.000Z', description: 'End of the period and grace' }) cutoffAt: string;
  @ApiProperty({ example: 2_682_000_000, description: 'Agreed time of the whole span in ms' }) agreedMs: number;
  @ApiProperty({ example: '30000000000', description: 'Downtime until now in basis points × ms, as a decimal string' })
  downBpMs: string;
  @ApiProperty({ example: 3_000_000, description: 'Downtime as full downtime in ms, cut off' }) downMs: number;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '99.8881',
    description: 'For display, cut off to 4 decimals; null: nothing was agreed to be available',
  })
  availabilityPercent: string | null;
  @ApiProperty({
    example: 1,
    description: 'Outages that began in the span, overlapping ones and those without length too',
  })
  outages: number;
  @ApiProperty({ example: 1, description: 'Connected stretches of downtime that began in the span' }) episodes: number;
  @ApiProperty({ example: 3_000_000 }) longestMs: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 3_000_000,
    description: 'Mean time to restore service, cut off to ms; null: no failure',
  })
  mtrsMs: number | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 2_679_000_000,
    description: 'Mean time between failures, cut off to ms; null: no failure',
  })
  mtbfMs: number | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 2_682_000_000,
    description: 'Mean time between service incidents, cut off to ms; null: no failure',
  })
  mtbsiMs: number | null;
  @ApiProperty({ type: StillDownDto, nullable: true }) open: StillDownDto | null;
  @ApiProperty({ type: [CrossingDto] }) crossings: CrossingDto[];
  @ApiProperty({ example: 2 }) revision: number;
  @ApiProperty({ type: Number, nullable: true, example: null }) closedRevision: number | null;
  @ApiProperty({ example: false, description: 'Closed, and what is known since then says something else' })
  restatementPending: boolean;
  @ApiProperty({ example: '2026-10-13T14:50:02.113Z', description: 'When it was last counted' }) asOf: string;
  @ApiProperty({ enum: ['opened', 'outages-changed', 'watch-changed', 'closed'], example: 'outages-changed' })
  cause: string;
}

export class FigureListDto {
  @ApiProperty({ type: [FigureDto] }) figures: FigureDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

export class CloseHistoryQueryDto {
  @ApiProperty({
    example: '2024-12-31T00:00:00Z',
    description: 'Close what ends at or before this instant; a date alone means its end in UTC',
  })
  @IsString()
  @Matches(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/, {
    message: 'through must be a date (2024-12-31) or an RFC 3339 date-time with its offset',
  })
  through: string;
}

export class ClosedFigureDto {
  @ApiProperty({ example: `${MEASURE}/2024-01-01T00:00:00.000Z/2024-04-01T00:00:00.000Z` }) figure: string;
  @ApiProperty({ example: 3 }) revision: number;
}

export class ClosedHistoryDto {
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({ example: '2025-01-01T00:00:00.000Z' }) through: string;
  @ApiProperty({ type: [ClosedFigureDto] }) closed: ClosedFigureDto[];
  @ApiProperty({ example: 0 }) alreadyClosed: number;
  @ApiProperty({ example: 1, description: 'Periods that their cutoff will close' }) notHistorical: number;
}

export class ServiceKeyDto {
  @ApiProperty({ example: 'payroll' })
  @Matches(SLUG, { message: 'slug must be a slug such as payroll' })
  slug: string;
}

export class FigureKeyDto {
  @ApiProperty({ example: MEASURE })
  @Matches(/^[0-9a-f]{64}$/, { message: 'measure must be the id of a measure: 64 hexadecimal digits' })
  measure: string;

  @ApiProperty({ example: '2026-09-30T22:00:00.000Z' })
  @IsString()
  @Length(1, 40)
  from: string;

  @ApiProperty({ example: '2026-10-31T23:00:00.000Z' })
  @IsString()
  @Length(1, 40)
  to: string;
}

export class MeasuresQueryDto {
  @ApiPropertyOptional({ example: 'payroll' })
  @IsOptional()
  @Matches(SLUG, { message: 'service must be a slug such as payroll' })
  service?: string;
}

export class MeasureDto {
  @ApiProperty({ example: MEASURE }) id: string;
  @ApiProperty({ example: 'payroll' }) service: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Only outages of this party are counted; null: any',
  })
  countedParty: string | null;
  @ApiProperty({ type: Object, example: { zone: 'Europe/Berlin', weekly: '24x7' } }) calendar: object;
  @ApiProperty({ type: Object, example: { clockStart: 'occurred', rejoin: 'PT0S' } }) policy: object;
  @ApiProperty({ example: 'month' }) reportingPeriod: string;
  @ApiProperty({ example: 'P7D' }) grace: string;
  @ApiProperty({
    type: [String],
    example: ['availability:1/1000:>'],
    description: 'Allowances that are watched for the agreements that share it',
  })
  watch: string[];
  @ApiProperty({ type: [String], example: ['sla-acme-payroll'] }) agreements: string[];
  @ApiProperty({ example: '2026-10-01T08:00:00.000Z' }) createdAt: string;
}

export class MeasureListDto {
  @ApiProperty({ type: [MeasureDto] }) measures: MeasureDto[];
}

export class ExplainedStepDto {
  @ApiProperty({ example: '2026-10-13T14:00:00.000Z' }) from: string;
  @ApiProperty({ example: '2026-10-13T14:50:00.000Z' }) to: string;
  @ApiProperty({ example: 10_000, description: 'The largest weight of the outages that were active' }) weightBp: number;
  @ApiProperty({ example: '30000000000' }) downBpMs: string;
}

export class ExplainedOutageDto {
  @ApiProperty({ example: '0199e0a4-7c55-7a3e-9d0e-0d6f4e9b2a11' }) id: string;
  @ApiProperty({ example: '/availability/outages/monitoring/INC-1001' }) href: string;
  @ApiProperty({ example: '2026-10-13T14:00:00.000Z' }) from: string;
  @ApiProperty({ type: String, nullable: true, example: '2026-10-13T14:50:00.000Z' }) to: string | null;
  @ApiProperty({ example: 10_000 }) weightBp: number;
  @ApiProperty({ type: [String], description: 'Ids of the reports that say so' }) reports: string[];
}

/** Intervals and integers from which anyone can compute the figure again. */
export class ExplainedFigureDto {
  @ApiProperty({ type: FigureDto }) figure: FigureDto;
  @ApiProperty({ type: MeasureDto }) measure: MeasureDto;
  @ApiProperty({
    example: 'D is the sum of weight × length over the steps; availability = (A × 10000 − D) / (A × 10000).',
  })
  formula: string;
  @ApiProperty({
    example: '2026-11-02T00:00:00.000Z',
    description: 'Steps after this instant have not happened yet and are left out',
  })
  until: string;
  @ApiProperty({
    example: '30000000000',
    description:
      'Sum over the steps: what is known now. Another than the closed figure’s where a restatement is pending.',
  })
  downBpMs: string;
  @ApiProperty({ type: [ExplainedStepDto] }) steps: ExplainedStepDto[];
  @ApiProperty({ type: [ExplainedOutageDto] }) outages: ExplainedOutageDto[];
}
