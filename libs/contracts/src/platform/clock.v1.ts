import { Whole } from '../fields/numbers';
import { OneOf } from '../fields/text';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** How far business time is ahead of the machines' clocks: for trying things out, never in production. */
export class ClockV1 extends StatePayload {
  @OneOf('clock')
  readonly id: 'clock';

  @Whole({ from: -Number.MAX_SAFE_INTEGER })
  readonly offsetMs: number;
}

export const clocks = stateSubject({
  topic: 'underpin.platform.clock',
  owner: 'platform',
  reasons: ['clock-steered'],
  payload: ClockV1,
  key: (clock) => clock.id,
});
