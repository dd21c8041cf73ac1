import type { Report } from './plan';
import { seeded, shuffled } from './shuffle';

/** In which order, and how often, reports are delivered. What is believed in the end must not depend on it. */
export interface Delivery {
  /** Seed of another order; null: as they would have been told. */
  readonly shuffle: string | null;
  /** How often each report is delivered. */
  readonly repeat: number;
  /** Some reports come only when all others have been taken in. */
  readonly late: boolean;
}

/** Of each this many outages, one is opened late and another restored late. */
const LATE_ONE_IN = 5;

/** The deliveries in their order: a wave begins when the one before has been taken in altogether. */
export const wavesOf = (reports: readonly Report[], { shuffle, repeat, late }: Delivery): Report[][] => {
  const lateOnes = late ? latecomers(reports) : new Set<Report>();
  const waves = [reports.filter((report) => !lateOnes.has(report)), reports.filter((report) => lateOnes.has(report))];
  return waves
    .filter((wave) => wave.length > 0)
    .map((wave, number) => {
      const copies = Array.from({ length: repeat }, () => wave).flat();
      return shuffle === null ? copies : shuffled(copies, seeded(`${number}:${shuffle}`));
    });
};

/** A fifth of the openings and another fifth of the restorations, but never the last of all: it would not be late. */
const latecomers = (reports: readonly Report[]): Set<Report> => {
  let openings = 0;
  let restorations = 0;
  return new Set(
    reports
      .slice(0, -1)
      .filter(({ occurredAt }) =>
        occurredAt === undefined ? restorations++ % LATE_ONE_IN === 2 : openings++ % LATE_ONE_IN === 0,
      ),
  );
};

/** In portions of at most `size`. */
export const portionsOf = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
