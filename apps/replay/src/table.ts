import { percentFloor } from '@underpin/kernel/measure/percent';
import type { Remark, Row } from './rows';

const HEAD = ['Service', 'Period', 'Downtime', 'Availability', 'Outages', 'Target', 'Credit'];
const RIGHT = [false, false, true, true, true, false, true];
const DECIMALS = 4;

/** The rows as a table for a terminal, a service's name once above its periods. */
export const tableOf = (rows: readonly (Row & Remark)[]): string => {
  const cells = rows.map((row, i) => [
    rows[i - 1]?.service === row.service ? '' : oneLine(row.service),
    row.period,
    durationText(row.downtimeMs),
    availabilityText(row),
    String(row.outages),
    resultText(row),
    creditText(row),
  ]);
  const widths = HEAD.map((title, column) =>
    Math.max(...[HEAD, ...cells].map((line) => line[column]!.length), title.length),
  );
  const line = (texts: readonly string[]) =>
    `  ${texts.map((text, i) => (RIGHT[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!))).join('  ')}`.trimEnd();
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
};

/** Hours, minutes, seconds and, where there are any, milliseconds: "4:12:00", "0:00:00.250". */
export const durationText = (ms: number): string => {
  const [hours, minutes, seconds, rest] = [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1_000) % 60,
    ms % 1_000,
  ];
  const two = (number: number) => String(number).padStart(2, '0');
  return `${hours}:${two(minutes)}:${two(seconds)}${rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`}`;
};

/** Cut off, never rounded up: a missed target must not show as kept. */
const availabilityText = ({ agreedMs, downtimeMs }: Row): string =>
  agreedMs === 0 ? '-' : `${percentFloor(BigInt(agreedMs - downtimeMs), BigInt(agreedMs), DECIMALS)} %`;

const resultText = ({ met, open, restatementPending }: Row & Remark): string =>
  `${met ? 'met' : 'MISSED'}${open ? ' (not over yet)' : ''}${restatementPending ? ' (restatement pending)' : ''}`;

const creditText = ({ creditPercent, credit }: Row & Remark): string =>
  creditPercent === 0 ? '' : `${creditPercent} %${credit === null ? '' : ` = ${credit}`}`;

const LONGEST_NAME = 40;

const oneLine = (name: string): string => {
  const line = name.replace(/[\p{Control}\s]+/gu, ' ');
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME - 1)}…`;
};
