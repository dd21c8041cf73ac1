import { setTimeout as pause } from 'node:timers/promises';
import { concurrently } from './concurrently';
import { portionsOf } from './delivery';
import type { Report } from './plan';
import { isPassing, type Platform, type Problem } from './platform';
import { Refusal } from './refusal';

/** As many as the batch door takes at once. */
const PORTION = 200;
const IN_FLIGHT = 4;
const REFUSALS_SHOWN = 5;
const PATIENCE_MS = 120_000;
const PAUSE_MS = 500;

interface BatchAnswer {
  readonly status: number;
  readonly problem?: Problem;
}

/**
 * Delivers the waves through the batch door, several portions in flight. What is answered "not now" is delivered again.
 *
 * @throws Refusal with the reports that were refused for good: nothing is closed then
 */
export const deliver = async (
  platform: Platform,
  waves: readonly (readonly Report[])[],
  advance: (by: number) => void,
): Promise<void> => {
  for (const wave of waves)
    await concurrently(portionsOf(wave, PORTION), IN_FLIGHT, (portion) => deliverPortion(platform, portion, advance));
};

const deliverPortion = async (
  platform: Platform,
  portion: readonly Report[],
  advance: (by: number) => void,
): Promise<void> => {
  const limit = performance.now() + PATIENCE_MS;
  let left = portion;
  for (;;) {
    const answers = await answersTo(platform, left);
    const refused = left.flatMap((report, i) => (isRefused(answers[i]!) ? [sentenceOf(report, answers[i]!)] : []));
    if (refused.length > 0) throw tooMany(refused);
    const again = left.filter((_, i) => isPassing(answers[i]!.status));
    advance(left.length - again.length);
    if (again.length === 0) return;
    if (performance.now() > limit) throw tooMany([sentenceOf(again[0]!, answers[left.indexOf(again[0]!)]!)]);
    left = again;
    await pause(PAUSE_MS);
  }
};

const answersTo = async (platform: Platform, reports: readonly Report[]): Promise<readonly BatchAnswer[]> => {
  const { answers } = await platform.send<{ answers?: readonly BatchAnswer[] }>({
    method: 'POST',
    path: 'availability/outages/batch',
    body: { reports },
  });
  if (answers?.length === reports.length) return answers;
  throw new Refusal(`The batch door gave ${answers?.length ?? 'no'} answers to ${reports.length} reports.`);
};

const isRefused = ({ status }: BatchAnswer): boolean => status >= 300 && !isPassing(status);

const sentenceOf = ({ externalId, occurredAt }: Report, { status, problem }: BatchAnswer): string =>
  `${externalId} (${occurredAt === undefined ? 'restored' : 'opened'}): ${status} ${problem?.detail ?? problem?.title ?? ''}`.trim();

const tooMany = (refused: readonly string[]): Refusal =>
  new Refusal(
    `The platform refuses ${refused.length === 1 ? 'a report' : `${refused.length} reports`}, so no period was closed:\n` +
      refused
        .slice(0, REFUSALS_SHOWN)
        .map((line) => `  ${line}`)
        .join('\n'),
  );
