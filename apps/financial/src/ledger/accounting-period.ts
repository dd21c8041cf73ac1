import { epochDay } from '@underpin/kernel/time/civil';
import type { Instant } from '@underpin/kernel/time/instant';
import { nextPeriod, periodAt, periodFromLabel } from '@underpin/kernel/time/period';

/** Whose clocks say which month of the books it is. */
export const BOOKS_ZONE = 'UTC';

/** A month of the books. Not the reporting period of an agreement: the two have their own zones and their own closes. */
export interface AccountingPeriod {
  /** `2026-11` */
  readonly month: string;
  readonly zone: string;
  /** `soft-closed` takes adjustments only, `closed` nothing. */
  readonly status: 'open' | 'soft-closed' | 'closed';
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
}

/** The month of the books that holds an instant. */
export const monthAt = (now: Instant): string => periodAt('month', BOOKS_ZONE, now).label;

/** The month after a month. */
export const monthAfter = (month: string): string => nextPeriod(periodFromLabel(month, BOOKS_ZONE)).label;

/** Years in which books are kept: days outside are slips of a key. */
export const FIRST_DAY = epochDay(1970, 1, 1);
export const LAST_DAY = epochDay(2200, 1, 1);
