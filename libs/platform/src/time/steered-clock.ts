import { clocks, type ClockV1 } from '@underpin/contracts/platform/clock.v1';
import { fromWire } from '@underpin/contracts/envelope';
import { parsePayload } from '@underpin/contracts/subject';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Bus, Consumption } from '../messaging/bus';
import type { Log } from '../telemetry/logger';
import { Clock } from './clock';

/** The machine's clock and an offset: time keeps running. For trying things out; refused in production by the configuration. */
export class SteeredClock extends Clock {
  private steered = { offsetMs: 0, version: 0n };

  now(): Instant {
    return Date.now() + this.steered.offsetMs;
  }

  /** Takes over an offset that is newer than the present one. */
  steer(offsetMs: number, version: bigint): void {
    if (version > this.steered.version) this.steered = { offsetMs, version };
  }

  /** What this process goes by: told at its health, so that whoever steers knows when all have it. */
  get present(): { readonly offsetMs: number; readonly version: string } {
    return { offsetMs: this.steered.offsetMs, version: this.steered.version.toString() };
  }
}

/**
 * Lets a process go by the offset that is told on the bus. Every process reads the topic for itself and from its beginning: the
 * offset is of the process, not of the service.
 */
export const followClock = (bus: Bus, clock: SteeredClock, process: string, log: Log): Promise<Consumption> =>
  bus.consume({
    group: `clock-of-${process}`,
    topics: [clocks.topic],
    member: process,
    positions: async (assigned) => assigned.map((at) => ({ ...at, next: null })),
    onBatch: async ({ records }) => {
      for (const record of records) {
        try {
          const event = fromWire(record);
          clock.steer(parsePayload<ClockV1>(clocks, event.data).offsetMs, event.subjectversion ?? 0n);
        } catch (error) {
          log.warn('An event on the clock topic is left out', { err: error, offset: record.offset.toString() });
        }
      }
    },
    onTrouble: (error) => log.warn('The clock topic cannot be read', { err: error }),
  });
