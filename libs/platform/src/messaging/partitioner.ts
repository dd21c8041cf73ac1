const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/** MurmurHash2 as Kafka's Java client computes it: 32 bits, signed. */
export const murmur2 = (bytes: Uint8Array): number => {
  const length = bytes.length;
  const byte = (index: number): number => bytes[index] ?? 0;
  let h = SEED ^ length;
  const whole = length - (length % 4);
  for (let i = 0; i < whole; i += 4) {
    let k = byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> R;
    k = Math.imul(k, M);
    h = Math.imul(h, M) ^ k;
  }
  const left = length % 4;
  if (left >= 3) h ^= byte(whole + 2) << 16;
  if (left >= 2) h ^= byte(whole + 1) << 8;
  if (left >= 1) {
    h ^= byte(whole);
    h = Math.imul(h, M);
  }
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
};

/** The partition of a key, the same as Kafka's default partitioner chooses: both buses, and other producers, agree. */
export const partitionOf = (key: string | Uint8Array, partitions: number): number =>
  (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
