import { UtcInstant } from '../fields/time';
import { Whole } from '../fields/numbers';

/** What the data of every state event has: the row's version and when we learned it. */
export abstract class StatePayload {
  @Whole({ from: 1, to: 0xffff_ffff })
  readonly version: number;

  @UtcInstant()
  readonly recordedAt: string;
}
