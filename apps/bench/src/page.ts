import { aimText, isMet, shown, type Spread } from './arithmetic';
import type { Finding, Part } from './finding';
import type { Machine } from './machine';

const HEAD = ['what', 'unit', 'Underpin', 'floor', 'ratio (least to most)', 'aim', ''];

/** A markdown table; a bar in a cell is escaped. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const rowOf = ({ what, unit, ours, floor, floorIs, ratio, aim }: Finding): string[] => [
  floorIs === null ? what : `${what}, to ${floorIs}`,
  unit,
  shown(ours.median),
  floor === null ? '' : shown(floor.median),
  ratio === null ? '' : `**${shown(ratio.median)}** (${rangeOf(ratio)})`,
  aim === null ? 'reported' : aimText(aim),
  aim === null || ratio === null ? '' : isMet(aim, ratio.median) ? 'met' : 'missed',
];

const rangeOf = ({ least, most }: Spread): string => `${shown(least)} to ${shown(most)}`;

const sectionOf = ({ title, how, findings, where }: Part): string =>
  [
    `## ${title}`,
    how.join('\n'),
    ...(findings.length === 0 ? [] : [tableOf(HEAD, findings.map(rowOf))]),
    ...(where.length === 0 ? [] : ['Where the time goes:', ['```text', ...where, '```'].join('\n')]),
  ].join('\n\n');

/** The whole of docs/benchmarks.md. */
export const pageOf = (machine: Machine, parts: readonly Part[], isShort: boolean): string =>
  [
    '# Benchmarks',
    [
      'Written by `npm run bench`. A figure is worth what it was measured against: product and floor run in turn in the same run',
      '(A B A B …), the ratio is taken pair by pair, and its median counts. "Underpin" and "floor" are medians too, so their quotient',
      'need not be the ratio. Absolute figures are of this machine in this hour.',
    ].join('\n'),
    ...(isShort ? ['**A short run (`--short`): everything was run, the figures mean little.**'] : []),
    tableOf(['machine', ''], Object.entries(machine.facts)),
    tableOf(['version of', ''], Object.entries(machine.versions)),
    ...parts.map(sectionOf),
  ].join('\n\n') + '\n';

/** One line of it for the terminal. */
export const lineOf = (finding: Finding): string => {
  const [what, unit, ours, floor, ratio, aim, met] = rowOf(finding) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (floor === '') return `${what}: ${ours} ${unit}`;
  return `${what}: ${ratio.replaceAll('*', '')} = ${ours} / ${floor} ${unit}; ${aim}${met === '' ? '' : `: ${met}`}`;
};
