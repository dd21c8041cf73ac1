import { SLUG } from '@underpin/contracts/fields/text';
import { Matches } from 'class-validator';

/** A name that people gave: a service, a party, an agreement. */
export const IsSlug = (): PropertyDecorator =>
  Matches(SLUG, {
    message: '$property must be a slug: 1 to 63 of a-z, 0-9, ".", "_", "-", beginning with a letter or digit',
  });

/** A day in a calendar; that it exists is checked with the rest of the request. */
export const IsDay = (): PropertyDecorator =>
  Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a date such as "2026-12-25"' });
