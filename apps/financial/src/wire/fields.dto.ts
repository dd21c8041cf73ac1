import { ApiPropertyOptional } from '@nestjs/swagger';
import { SLUG } from '@underpin/contracts/fields/text';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

/** A name that people gave: a service, a party, an agreement. */
export const IsSlug = (): PropertyDecorator =>
  Matches(SLUG, {
    message: '$property must be a slug: 1 to 63 of a-z, 0-9, ".", "_", "-", beginning with a letter or digit',
  });

/** A day in a calendar; that it exists is checked with the rest of the request. */
export const IsDay = (): PropertyDecorator =>
  Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a date such as "2026-12-25"' });

/** What every list can be asked. */
export class PageQueryDto {
  @ApiPropertyOptional({ example: 100, minimum: 1, maximum: 500, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;

  @ApiPropertyOptional({ description: 'The "next" of the page before' })
  @IsOptional()
  @IsString()
  @Length(1, 400)
  after?: string;
}
/** A cursor that is the id of the last row of a page; anything else begins at the start. */
export const idCursor = (cursor: string | undefined): string | null =>
  cursor !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor) ? cursor : null;
