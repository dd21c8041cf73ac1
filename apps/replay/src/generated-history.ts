import { iso, type Instant } from '@underpin/kernel/time/instant';
import { seeded, type Random } from './shuffle';

/** What a made-up history looks like. */
export interface HistoryShape {
  readonly seed: string;
  readonly incidents: number;
  readonly services: number;
  /** Incidents begin in [from, to). */
  readonly from: Instant;
  readonly to: Instant;
}

const MINUTE = 60_000;
const LONGEST_MINUTES = 600;

/**
 * A history in the shape of the JSON Lines that the player reads, one line an element, in order of publication: the same for the
 * same shape. As messy as a real one: several components or none, overlapping, of no length, of odd milliseconds, no outage at all.
 */
export function* generatedHistory(shape: HistoryShape): Generator<string> {
  const random = seeded(shape.seed);
  const step = (shape.to - shape.from) / shape.incidents;
  for (let number = 0; number < shape.incidents; number += 1) {
    const start = Math.floor(shape.from + (number + random()) * step);
    const end = start + lengthOf(random);
    const impact = impactOf(random);
    yield JSON.stringify({
      id: `G-${String(number + 1).padStart(6, '0')}`,
      components: componentsOf(random, shape.services),
      impact,
      startedAt: iso(start),
      resolvedAt: iso(end),
      publishedAt: iso(end),
      updates: [
        { at: iso(start), status: impact === 'maintenance' ? 'Scheduled' : 'Investigating' },
        { at: iso(end), status: impact === 'maintenance' ? 'Completed' : 'Resolved' },
      ],
    });
  }
}

/** Most are short, few are long; one in a hundred has no length, one in ten does not end at a full minute. */
const lengthOf = (random: Random): number => {
  if (random() < 0.01) return 0;
  const minutes = 1 + Math.floor(LONGEST_MINUTES * random() ** 4);
  return minutes * MINUTE + (random() < 0.1 ? Math.floor(random() * MINUTE) : 0);
};

const impactOf = (random: Random): string => {
  const drawn = random();
  return drawn < 0.78
    ? 'minor'
    : drawn < 0.94
      ? 'major'
      : drawn < 0.95
        ? 'critical'
        : drawn < 0.98
          ? 'none'
          : 'maintenance';
};

const componentsOf = (random: Random, services: number): string[] => {
  const drawn = random();
  const count = drawn < 0.1 ? 0 : drawn < 0.75 ? 1 : drawn < 0.92 ? 2 : 3;
  return [...new Set(Array.from({ length: count }, () => `Service ${1 + Math.floor(random() * services)}`))];
};
