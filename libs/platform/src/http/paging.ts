import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

/** How many a list shows unless it is asked for another number. */
export const DEFAULT_LIMIT = 100;

/** How much of a list is asked for. */
export class LimitQueryDto {
  @ApiPropertyOptional({ example: 100, minimum: 1, maximum: 500, default: DEFAULT_LIMIT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;
}

/** Which page of a list. */
export class PageQueryDto extends LimitQueryDto {
  @ApiPropertyOptional({ description: 'The "next" of the page before' })
  @IsOptional()
  @IsString()
  @Length(1, 400)
  after?: string;
}

/** A page out of rows that were read with one more than asked for: the last is the sign that there are more. */
export const pageOf = <T>(
  entries: readonly T[],
  limit: number,
  cursorOf: (entry: T) => string,
): { entries: T[]; next: string | null } => {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return { entries: page, next: entries.length > limit && last !== undefined ? cursorOf(last) : null };
};

/** A cursor that is the id of the last row of a page; anything else begins at the start. */
export const idCursor = (cursor: string | undefined): string | null =>
  cursor !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor) ? cursor : null;
