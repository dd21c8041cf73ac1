import { clocks, type ClockV1 } from '@underpin/contracts/platform/clock.v1';
import { decided, unchanged } from '@underpin/kernel/decision';
import { invalid } from '@underpin/kernel/errors';
import { iso, type Instant } from '@underpin/kernel/time/instant';
import { int } from '../persistence/row';
import { subjectTable, type Changed } from '../persistence/subject-table';
import type { Tx } from '../persistence/tx';

/** How far business time is ahead of the machines. */
interface Steering {
  readonly offsetMs: number;
}

interface Steered {
  readonly type: 'steered';
}

export const steeredClockTable = subjectTable<'clock', Steering, Steered>({
  table: 'steered_clock',
  keyColumns: ['id'],
  toKey: (id) => ({ id }),
  toRow: ({ offsetMs }) => ({ offset_ms: offsetMs }),
  fromRow: (row) => ({ offsetMs: int(row['offset_ms']) }),
  unheardOf: () => ({ offsetMs: 0 }),
  publication: {
    subject: clocks,
    telling: () => ({ reason: 'clock-steered', time: 0 }),
    snapshot: ({ offsetMs }, { version, recordedAt }): ClockV1 => ({
      id: 'clock',
      version,
      recordedAt: iso(recordedAt),
      offsetMs,
    }),
  },
});

const EARLIEST: Instant = Date.UTC(2000, 0, 1);
const LATEST: Instant = Date.UTC(2100, 0, 1);

/**
 * Moves business time, so that it is `to` at this moment. Never back: what has been declared at a later time would stand in the
 * future.
 */
export const steerClock = (tx: Tx, to: Instant): Promise<Changed<Steering, Steered>> => {
  if (to < EARLIEST || to >= LATEST)
    throw invalid(
      'clock.out-of-range',
      `${iso(to)} is outside of what is tried out here: give an instant from 2000 to 2099`,
    );
  return tx.change(steeredClockTable, 'clock', ({ offsetMs }) => {
    const ahead = to - tx.clock.now();
    if (ahead < 0)
      throw invalid('clock.backwards', `${iso(to)} is before now (${iso(tx.clock.now())}): time is moved forward only`);
    return ahead === 0 ? unchanged({ offsetMs }) : decided({ offsetMs: offsetMs + ahead }, [{ type: 'steered' }]);
  });
};
