import { ratio, type Ratio } from '@underpin/kernel/ratio';

/** A percentage as an integer: millionths of a percent. Unlike a target it may be 0, and a sum may be above 100 %. */
export type MicroPercent = bigint;

const WHOLE: MicroPercent = 100_000_000n;

/** Reads percent text as the contracts let it pass: digits, at most six places. */
export const microPercent = (text: string): MicroPercent => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
};

/** The same as text, without needless zeros: 10,000,000 is "10". */
export const percentText = (micro: MicroPercent): string => {
  const digits = micro.toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -6) : `${digits.slice(0, -6)}.${fraction}`;
};

export const shareOf = (micro: MicroPercent): Ratio => ratio(micro, WHOLE);
