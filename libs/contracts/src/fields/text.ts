import { ArrayMaxSize, IsArray, IsIn, IsString, IsUUID, Length, Matches } from 'class-validator';
import { allOf } from './all-of';

/** How services, parties, resources, plans and agreements are addressed. */
export const SLUG = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** PostgreSQL can store every character in text and jsonb but this one. */
const NO_NUL = /^[^\u0000]*$/;

/** Text of 1 to `longest` UTF-16 units. */
export const Text = (longest: number): PropertyDecorator =>
  allOf(
    IsString(),
    Length(1, longest),
    Matches(NO_NUL, { message: '$property must not contain the character U+0000' }),
  );

/** A list of at most `most` texts, each of 1 to `longest` UTF-16 units. */
export const Texts = (most: number, longest: number): PropertyDecorator =>
  allOf(
    IsArray(),
    ArrayMaxSize(most),
    IsString({ each: true }),
    Length(1, longest, { each: true }),
    Matches(NO_NUL, { each: true, message: 'each value in $property must not contain the character U+0000' }),
  );

/** A name that people gave: `payroll`, `db-01`. */
export const Slug = (): PropertyDecorator => matching(SLUG, 'a slug such as payroll or db-01');

/** A list of at most `most` slugs. */
export const Slugs = (most: number): PropertyDecorator =>
  allOf(
    IsArray(),
    ArrayMaxSize(most),
    Matches(SLUG, { each: true, message: 'each value in $property must be a slug' }),
  );

/** The id of a record, made by the application. */
export const Uuid = (): PropertyDecorator => IsUUID();

/** One of a closed list of words. */
export const OneOf = (...words: readonly string[]): PropertyDecorator => IsIn(words);

/** A SHA-256, as 64 lower-case hexadecimal digits. */
export const Sha256 = (): PropertyDecorator => matching(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal');

/** A name in the IANA time zone database. Only the form is checked: our copy of the database may be older than the sender's. */
export const ZoneName = (): PropertyDecorator =>
  matching(/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,3}$/, 'an IANA time zone such as Europe/Berlin');

/** An ISO 4217 currency code. */
export const Currency = (): PropertyDecorator => matching(/^[A-Z]{3}$/, 'an ISO 4217 currency such as EUR');

/** The canonical key of an allowance, `kind:num/den:bound`, such as `availability:1/1000:>`. */
export const AllowanceKey = (): PropertyDecorator =>
  matching(/^[a-z][a-z-]{0,31}:\d{1,19}\/[1-9]\d{0,18}:>=?$/, 'an allowance key such as availability:1/1000:>');

/** Text of one form; `meant` completes the sentence "must be …". */
export const matching = (form: RegExp, meant: string): PropertyDecorator =>
  allOf(IsString(), Matches(form, { message: `$property must be ${meant}` }));
