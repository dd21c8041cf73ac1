import { createHash } from 'node:crypto';

/** Numbers in [0, 1), the same for the same seed (mulberry32). Good enough to shuffle and to make up histories. */
export type Random = () => number;

export const seeded = (seed: string): Random => {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The same elements in another order (Fisher-Yates); the list itself is left as it is. */
export const shuffled = <T>(list: readonly T[], random: Random): T[] => {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    [result[last], result[chosen]] = [result[chosen]!, result[last]!];
  }
  return result;
};
