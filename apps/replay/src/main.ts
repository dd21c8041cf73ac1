import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { closingWords, openingWords } from './closing-words';
import { optionsOf, usage, type Options } from './options';
import { placeOf } from './place';
import { planOf } from './plan';
import { Platform } from './platform';
import { voiceOn, type Voice } from './progress';
import { readHistory } from './reading/read-history';
import { Refusal } from './refusal';
import { replay } from './replay';
import { jsonOf, type Row } from './rows';

/** `npm run replay`: paths are relative to where it was called. Exit code: 0 played, 1 refused or not finished, 64 wrong flags. */
const main = async (args: readonly string[]): Promise<void> => {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const options = optionsOf(args);
  const voice = voiceOn(process.stdout);
  if (options.help || options.file === null) return voice.say(usage);
  const now = Date.now();
  const history = readHistory(contentOf(resolve(cwd, options.file)), now);
  const plan = planOf(history, options.terms, now);
  voice.say(openingWords(options.file, history.format, history.incidents.length, plan));
  if (plan.periods.length === 0) {
    voice.say(`No outage that counts ends after ${options.terms.from}: there is nothing to play.`);
    return writeRows([], options, cwd, voice);
  }
  const platform = new Platform(placeOf(options.readyFile, process.env, cwd));
  const rows = await replay(platform, plan, options, voice);
  voice.say(closingWords(rows, plan, options));
  writeRows(rows, options, cwd, voice);
};

const contentOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): give the path of an incident history.`,
    );
  }
};

const writeRows = (rows: readonly Row[], { json }: Options, cwd: string, voice: Voice): void => {
  if (json === null) return;
  try {
    writeFileSync(resolve(cwd, json), jsonOf(rows));
  } catch (error) {
    throw new Refusal(
      `${json} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): the table above is the result; give another --json OUT.`,
    );
  }
  voice.say(`${rows.length} rows in ${json}.`);
};

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Refusal ? `\n${error.message}\n` : error);
  process.exitCode = error instanceof Refusal ? error.exitCode : 1;
});
