/** Of what was measured several times: the middle, and how far it spreads. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The middle value; between the two in the middle where their number is even. */
export const median = (values: readonly number[]): number => {
  if (values.length === 0) throw new Error('Nothing was measured: there is no median');
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
};

export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
});

/**
 * Each measurement against the one beside it: A B A B … on a machine that is slower in one minute than in the next gives ratios
 * that hold, where the ratio of two medians would not.
 */
export const ratios = (ours: readonly number[], floor: readonly number[]): number[] => {
  if (ours.length !== floor.length)
    throw new Error(`${ours.length} measurements cannot be paired with ${floor.length}`);
  return ours.map((value, index) => value / (floor[index] as number));
};

/** What a ratio should be: at least so much of the floor's speed, or at most so much of its time. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number };

export const isMet = (aim: Aim, ratio: number): boolean =>
  'atLeast' in aim ? ratio >= aim.atLeast : ratio <= aim.atMost;

export const aimText = (aim: Aim): string => ('atLeast' in aim ? `at least ${aim.atLeast}` : `at most ${aim.atMost}`);

/** Three digits that count: 12,345 · 123 · 12.3 · 1.23 · 0.123. */
export const shown = (value: number): string => {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
