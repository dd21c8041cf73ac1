import type { Instant } from '@underpin/kernel/time/instant';

/** Business time. The only thing that knows what time it is: everything else receives an instant as a value. */
export abstract class Clock {
  /** The present instant, in integer milliseconds since the epoch (UTC). */
  abstract now(): Instant;
}

/** The machine's own clock. */
export class RealClock extends Clock {
  now(): Instant {
    return Date.now();
  }
}
