import type { Options } from './options';
import type { Plan } from './plan';
import type { Incident } from './reading/history';
import type { Remark, Row } from './rows';
import { tableOf } from './table';

const LISTED = 200;
const WIDTH = 110;

/** What is said of the file before anything is sent. */
export const openingWords = (file: string, format: string, incidents: number, plan: Plan): string =>
  `${file} (${format}): ${incidents} incidents, ${plan.outages} outages of ${plan.services.length} services, ${plan.periods.length} periods`;

/** The result, and what of the file is not in it. */
export const closingWords = (rows: readonly (Row & Remark)[], plan: Plan, { terms }: Options): string =>
  [
    '',
    tableOf(rows),
    '',
    `Published incident time against ${terms.target} % by ${terms.period} (${terms.zone}): no statement on what anybody has signed.`,
    `On the platform: customer ${plan.customer}; services ${plan.services.map(({ slug }) => slug).join(', ')}.`,
    ...nobodysWords(plan.nobodys),
  ].join('\n');

/** Incidents without components are listed as what they are. */
const nobodysWords = (incidents: readonly Incident[]): string[] => {
  if (incidents.length === 0) return [];
  const more = incidents.length > LISTED ? [`and ${incidents.length - LISTED} more`] : [];
  const ids = [...incidents.slice(0, LISTED).map(({ id }) => id), ...more];
  return [`${incidents.length} incidents name no component and belong to no service:`, ...wrapped(ids)];
};

const wrapped = (words: readonly string[]): string[] => {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 2 > WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${last}, ${word}`;
  }
  return lines;
};
