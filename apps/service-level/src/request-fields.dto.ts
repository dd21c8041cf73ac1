import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { LimitQueryDto } from '@underpin/platform/http/paging';

const SLUG = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const SLUG_MESSAGE = '$property must be a slug: 1 to 63 of a-z, 0-9, ".", "_", "-", beginning with a letter or digit';
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

interface FieldNotes {
  readonly example: unknown;
  readonly description?: string;
  readonly nullable?: boolean;
}

type Decorate = (...decorators: readonly PropertyDecorator[]) => PropertyDecorator;

const all: Decorate =
  (...decorators) =>
  (target, property) =>
    decorators.forEach((decorate) => decorate(target, property));

const required = ({ example, ...notes }: FieldNotes): PropertyDecorator =>
  ApiProperty({ type: String, example, ...notes });

const optional = ({ example, ...notes }: FieldNotes): PropertyDecorator =>
  all(ApiPropertyOptional({ type: String, example, ...notes }), IsOptional());

/** A name that people gave: `payroll`, `db-01`. */
export const SlugText = (notes: FieldNotes): PropertyDecorator =>
  all(required(notes), Matches(SLUG, { message: SLUG_MESSAGE }));

export const OptionalSlugText = (notes: FieldNotes): PropertyDecorator =>
  all(optional(notes), Matches(SLUG, { message: SLUG_MESSAGE }));

/** Words of people: not blank, at most `longest` long. */
export const Words = (longest: number, notes: FieldNotes): PropertyDecorator => all(required(notes), ...words(longest));

export const OptionalWords = (longest: number, notes: FieldNotes): PropertyDecorator =>
  all(optional(notes), ...words(longest));

const words = (longest: number): PropertyDecorator[] => [
  IsString(),
  Length(1, longest),
  Matches(/\S/, { message: '$property must not be blank' }),
];

const MOMENT = {
  message: '$property must be text: an RFC 3339 date-time with its offset, such as "2026-01-01T00:00:00+01:00"',
};

/** An instant as text; the exact reading (does the day exist, is it plausible) is the domain's. */
export const Moment = (notes: FieldNotes): PropertyDecorator => all(required(notes), Matches(RFC_3339, MOMENT));

export const OptionalMoment = (notes: FieldNotes): PropertyDecorator => all(optional(notes), Matches(RFC_3339, MOMENT));

const PERCENT = {
  message: '$property must be text, such as "99.9": put the number in quotes, a JSON number is not exact',
};

/** A percentage as decimal text; what it may be is the domain's. */
export const PercentWords = (notes: FieldNotes): PropertyDecorator =>
  all(required(notes), IsString(PERCENT), Length(1, 40));

export const OptionalPercentWords = (notes: FieldNotes): PropertyDecorator =>
  all(optional(notes), IsString(PERCENT), Length(1, 40));

/** Which page of a list. */
export class PageQueryDto extends LimitQueryDto {
  @ApiPropertyOptional({ description: 'The "next" of the page before' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  after?: string;
}
