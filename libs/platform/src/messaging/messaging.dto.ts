import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import type { DeadLetterStatus } from './dead-letter.table';

const STATUSES = ['waiting', 'redriven', 'discarded'] as const;
const TOPIC = 'underpin.service-level.services';
const LETTER = '0190c2a0-5b5e-7c3e-9a56-0f3f5f6d7a10';

export class DeadLettersQueryDto {
  @ApiProperty({ enum: STATUSES, required: false, example: 'waiting' })
  @IsOptional()
  @IsIn(STATUSES)
  status?: DeadLetterStatus;

  @ApiProperty({ required: false, example: TOPIC })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  topic?: string;

  @ApiProperty({ required: false, example: 50, default: 50, minimum: 1, maximum: 500 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;

  @ApiProperty({ required: false, example: LETTER, description: 'The `next` of the page before' })
  @IsOptional()
  @IsUUID()
  after?: string;
}

export class DeadLetterIdDto {
  @ApiProperty({ example: LETTER })
  @IsUUID()
  id: string;
}

export class DiscardDto {
  @ApiProperty({ example: 'The sender has corrected it with a later message' })
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class DeadLetterDto {
  @ApiProperty({ example: LETTER }) id: string;
  @ApiProperty({ example: TOPIC }) topic: string;
  @ApiProperty({ example: 3 }) partition: number;
  @ApiProperty({ example: '1207' }) offset: string;
  @ApiProperty({ example: 'payroll', nullable: true, type: String }) key: string | null;
  @ApiProperty({ example: 'contract.violated', description: 'A stable code' }) reason: string;
  @ApiProperty({ example: 'liveSince: must be an instant' }) detail: string;
  @ApiProperty({ example: 1 }) attempts: number;
  @ApiProperty({ enum: STATUSES, example: 'waiting' }) status: DeadLetterStatus;
  @ApiProperty({ example: '7', nullable: true, type: String, description: 'Of a state subject' }) version:
    string | null;
  @ApiProperty({
    example: true,
    description: 'A newer version of the subject has passed: nothing is left to be repaired',
  })
  superseded: boolean;
  @ApiProperty({ example: '8', nullable: true, type: String }) supersededBy: string | null;
  @ApiProperty({ example: '2026-10-13T14:00:00.000Z' }) diedAt: string;
  @ApiProperty({ example: null, nullable: true, type: String }) settledAt: string | null;
  @ApiProperty({ example: null, nullable: true, type: String }) settledBy: string | null;
  @ApiProperty({ example: null, nullable: true, type: String }) settledWhy: string | null;
}

export class DeadLetterInFullDto extends DeadLetterDto {
  @ApiProperty({ example: { ce_type: 'underpin.service-level.service-live.v1' } }) headers: Record<string, string>;
  @ApiProperty({
    example: '{"id":"payroll"}',
    nullable: true,
    type: String,
    description: 'As text; bytes that are none as base64 in `valueBase64`',
  })
  value: string | null;
  @ApiProperty({ example: null, nullable: true, type: String }) valueBase64: string | null;
}

export class DeadLetterListDto {
  @ApiProperty({ type: [DeadLetterDto] }) deadLetters: DeadLetterDto[];
  @ApiProperty({ example: null, nullable: true, type: String }) next: string | null;
}

export class ResyncDto {
  @ApiProperty({ example: TOPIC, description: 'A topic that this service owns' })
  @IsString()
  @Length(1, 200)
  topic: string;

  @ApiProperty({ required: false, type: [String], example: ['payroll'], description: 'Absent: all' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  @Length(1, 600, { each: true })
  subjects?: string[];
}

export class ResyncedDto {
  @ApiProperty({ example: TOPIC }) topic: string;
  @ApiProperty({ example: 1, description: 'Snapshots that are told again' }) told: number;
  @ApiProperty({ example: [], type: [String], description: 'Asked for, and not there' }) missing: readonly string[];
}

export class PartitionDto {
  @ApiProperty({ example: TOPIC })
  @IsString()
  @Length(1, 200)
  topic: string;

  @ApiProperty({ example: 0 })
  @IsInt()
  @Min(0)
  @Max(100_000)
  partition: number;
}

export class AcceptedGapDto {
  @ApiProperty({ example: TOPIC }) topic: string;
  @ApiProperty({ example: 0 }) partition: number;
  @ApiProperty({ example: '1207', description: 'The group reads on at the first record from here' }) position: string;
}

export class LagDto {
  @ApiProperty({ example: TOPIC }) topic: string;
  @ApiProperty({ example: 0 }) partition: number;
  @ApiProperty({ example: '1207', nullable: true, type: String }) position: string | null;
  @ApiProperty({ example: '1210' }) high: string;
  @ApiProperty({ example: '3' }) lag: string;
}

export class PositionsDto {
  @ApiProperty({ type: [LagDto] }) positions: LagDto[];
}
