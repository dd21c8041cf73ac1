import { invalid } from '@underpin/kernel/errors';
import { iso, type Instant } from '@underpin/kernel/time/instant';

/** Instants outside [2000, 2200) are slips of a key or another unit of time, not dates of a contract. */
const EARLIEST: Instant = Date.UTC(2000, 0, 1);
const LATEST: Instant = Date.UTC(2200, 0, 1);

/** Gives the instant back, or refuses it under the given code. `field` names it in the message. */
export const plausible = (instant: Instant, field: string, code: string): Instant => {
  if (instant < EARLIEST || instant >= LATEST)
    throw invalid(
      code,
      `${field} is ${iso(instant)}: give a date from ${iso(EARLIEST)} to before ${iso(LATEST)}, such as "2026-01-01T00:00:00Z"`,
    );
  return instant;
};
