import type { TimerHandler } from '@underpin/platform/timers/timers';
import type { Closing } from '../figures/closing';
import { CUTOFF, OPENING, type Measuring } from './measuring';

/** A period begins: its figure is opened. */
export const openingTimer = (measuring: Measuring): TimerHandler => ({
  kind: OPENING,
  fire: (tx, key) => measuring.openNext(tx, key),
});

/** A period's grace is over: its figure begins to close. */
export const cutoffTimer = (closing: Closing): TimerHandler => ({
  kind: CUTOFF,
  fire: (tx, figureId) => closing.startClosing(tx, figureId),
});
