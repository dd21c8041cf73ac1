import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dayOf } from '@underpin/kernel/time/civil';
import { startOfDay } from '@underpin/kernel/time/zone';
import { commandLineOf, wholeNumber } from './flags';
import { generatedHistory, type HistoryShape } from './generated-history';
import { Refusal } from './refusal';

const usage = `Usage: node apps/replay/dist/generate.js OUT [flags]

Makes up an incident history for "npm run replay": the same for the same flags.

  --incidents N   how many (default 20000)
  --services N    components that they name (default 12)
  --seed TEXT     another history (default 1)
  --from DATE     the first day, UTC (default 2022-01-01)
  --to DATE       the day after the last, UTC (default 2025-01-01)
  --help          this text`;

const VALUED = ['--incidents', '--services', '--seed', '--from', '--to'];

const main = async (args: readonly string[]): Promise<void> => {
  const { words, flags } = commandLineOf(args, VALUED, ['--help']);
  const [out] = words;
  if (flags.has('--help') || out === undefined) return console.log(usage);
  const shape: HistoryShape = {
    seed: flags.get('--seed') ?? '1',
    incidents: wholeNumber('--incidents', flags.get('--incidents') ?? '20000', 1, 10_000_000),
    services: wholeNumber('--services', flags.get('--services') ?? '12', 1, 10_000),
    from: startOfDay('UTC', dayOf(flags.get('--from') ?? '2022-01-01')),
    to: startOfDay('UTC', dayOf(flags.get('--to') ?? '2025-01-01')),
  };
  if (shape.from >= shape.to) throw new Refusal('--from must be before --to.');
  await pipeline(Readable.from(lines(shape)), createWriteStream(out));
};

function* lines(shape: HistoryShape): Generator<string> {
  for (const line of generatedHistory(shape)) yield `${line}\n`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof Refusal ? error.exitCode : 1;
});
