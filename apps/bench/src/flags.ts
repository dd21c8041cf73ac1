export interface Flags {
  /** Names of the parts to run, in the order of the page. */
  readonly only: readonly string[];
  readonly isShort: boolean;
  readonly why: boolean;
  /** Where the page goes; null: to the terminal alone. */
  readonly out: string | null;
  readonly help: boolean;
}

export const usageOf = (parts: readonly string[], out: string): string => `Usage: npm run bench -- [flags]

Measures Underpin against floors written with the same libraries, in the same run, and writes ${out}.

  --only LIST   some of: ${parts.join(',')}
  --short       a smoke run: everything runs, briefly; written to the terminal alone unless --out is given
  --why         say where the time goes as well (profiles; takes longer)
  --out FILE    write the page elsewhere
  --help        this text`;

/** Reads the command line. @throws Error with one sentence on what cannot be */
export const flagsOf = (args: readonly string[], parts: readonly string[], out: string): Flags => {
  const rest = [...args];
  let flags: Flags = { only: parts, isShort: false, why: false, out: null, help: false };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name, inline] = word.split('=', 2) as [string, string | undefined];
    const value = (): string => {
      const given = inline ?? rest.shift();
      if (given === undefined) throw new Error(`${name} needs a value`);
      return given;
    };
    if (name === '--short') flags = { ...flags, isShort: true };
    else if (name === '--why') flags = { ...flags, why: true };
    else if (name === '--help') flags = { ...flags, help: true };
    else if (name === '--out') flags = { ...flags, out: value() };
    else if (name === '--only') flags = { ...flags, only: chosen(value(), parts) };
    else throw new Error(`Unknown flag ${word}: --help lists the flags`);
  }
  return { ...flags, out: flags.out ?? (flags.isShort || flags.only.length < parts.length ? null : out) };
};

const chosen = (list: string, parts: readonly string[]): string[] => {
  const asked = list.split(',');
  const unknown = asked.find((name) => !parts.includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown} is no part: there are ${parts.join(', ')}`);
  return parts.filter((name) => asked.includes(name));
};
