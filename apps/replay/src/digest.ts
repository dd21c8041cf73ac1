import { createHash } from 'node:crypto';

/** The first hexadecimal digits of the SHA-256 of what JSON makes of a value: the same for the same content, everywhere. */
export const digest = (value: unknown, digits: number): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, digits);
