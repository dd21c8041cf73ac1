import { EXIT_USAGE, Refusal } from './refusal';

/** A command line taken apart: words without a flag, and flags with their values (a switch has the empty text). */
interface CommandLine {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

/**
 * Takes `--flag value`, `--flag=value` and `--switch` apart.
 *
 * @param valued names of the flags that take a value @param switches names of those that take none
 * @throws Refusal naming the flag that is unknown, lacks its value or is given twice
 */
export const commandLineOf = (
  args: readonly string[],
  valued: readonly string[],
  switches: readonly string[],
): CommandLine => {
  const words: string[] = [];
  const flags = new Map<string, string>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('--')) {
      words.push(word);
      continue;
    }
    const [name = '', inline] = splitOnce(word);
    if (flags.has(name)) throw wrongUse(`${name} is given twice: say it once.`);
    if (switches.includes(name)) {
      if (inline !== undefined) throw wrongUse(`${name} takes no value.`);
      flags.set(name, '');
    } else if (valued.includes(name)) {
      const value = inline ?? rest.shift();
      if (value === undefined || value === '' || (inline === undefined && value.startsWith('--')))
        throw wrongUse(`${name} needs a value.`);
      flags.set(name, value);
    } else throw wrongUse(`Unknown flag ${JSON.stringify(word)}.`);
  }
  return { words, flags };
};

/** The value of a flag as a whole number. @throws Refusal */
export const wholeNumber = (name: string, text: string, from: number, to: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(number >= from && number <= to))
    throw wrongUse(`${name} ${text} cannot be: it takes a whole number from ${from} to ${to}.`);
  return number;
};

export const wrongUse = (sentence: string): Refusal => new Refusal(`${sentence} "--help" lists the flags.`, EXIT_USAGE);

const splitOnce = (word: string): [string, string?] => {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
};
