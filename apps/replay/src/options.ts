import { DomainError } from '@underpin/kernel/errors';
import { percentOf } from '@underpin/kernel/measure/percent';
import { checkedTiers } from '@underpin/kernel/money/tiers';
import { dayOf } from '@underpin/kernel/time/civil';
import { knownZone } from '@underpin/kernel/time/zone';
import { EARLIEST_DAY } from './earliest';
import { commandLineOf, wholeNumber, wrongUse } from './flags';

/** One step of the remedy: below this availability (percent text), this percent of the fee is credited. */
interface Tier {
  readonly below: string;
  readonly percent: string;
}

/** What is promised about each service of the file. Together with the file they name the agreements. */
export interface Terms {
  /** Availability in percent, as text: "99.9". */
  readonly target: string;
  readonly period: 'month' | 'quarter';
  /** IANA zone of the periods. */
  readonly zone: string;
  /** The highest bound first. */
  readonly tiers: readonly Tier[];
  /** Local date in the zone: the agreements begin with its first instant. */
  readonly from: string;
}

export interface Options {
  /** The history; null only with `help`. */
  readonly file: string | null;
  readonly terms: Terms;
  /** Where to write the rows as JSON. */
  readonly json: string | null;
  /** Seed of another order of delivery. */
  readonly shuffle: string | null;
  /** How often each report is delivered. */
  readonly repeat: number;
  /** Some reports come after those of later incidents. */
  readonly late: boolean;
  readonly readyFile: string | null;
  readonly help: boolean;
}

export const DEFAULT_TERMS: Terms = {
  target: '99.9',
  period: 'quarter',
  zone: 'UTC',
  tiers: [
    { below: '99.9', percent: '10' },
    { below: '99.0', percent: '25' },
  ],
  from: '2022-01-01',
};

export const usage = `Usage: npm run replay -- FILE [flags]

Plays an incident history through a running platform and prints what became of it, for each service and period.
FILE is JSON Lines of incidents, or the incidents.json of a public Statuspage (v2).

  --target PERCENT   availability that is promised (default 99.9)
  --period KIND      quarter or month (default quarter)
  --zone ZONE        IANA time zone of the periods (default UTC)
  --tiers LIST       remedy: below:credit in percent, separated by commas (default "99.9:10,99.0:25", the first at the target)
  --from DATE        first day of the agreements, in the zone (default 2022-01-01)
  --json OUT         write the rows to this file as JSON
  --shuffle SEED     deliver the same reports in another order
  --repeat N         deliver each report N times (default 1)
  --late             deliver some reports after those of later incidents
  --ready-file FILE  where the platform is: the file that "npm start -- --ready-file FILE" writes
  --help             this text

Without --ready-file, UNDERPIN_URL (the gateway) and UNDERPIN_API_KEY say where the platform is.`;

const VALUED = [
  '--target',
  '--period',
  '--zone',
  '--tiers',
  '--from',
  '--json',
  '--shuffle',
  '--repeat',
  '--ready-file',
];
const SWITCHES = ['--late', '--help'];
const MOST_REPEATS = 100;

/** Reads the command line. @throws Refusal with one sentence on what cannot be and what could. */
export const optionsOf = (args: readonly string[]): Options => {
  const { words, flags } = commandLineOf(args, VALUED, SWITCHES);
  const help = flags.has('--help');
  if (words.length > 1) throw wrongUse(`One file at a time: ${words.join(' and ')} were given.`);
  const target = flags.get('--target') ?? DEFAULT_TERMS.target;
  if (words.length === 0 && !help) throw wrongUse('Which history? Give the file: npm run replay -- FILE.');
  return {
    file: words[0] ?? null,
    terms: checked({
      target,
      period: periodOf(flags.get('--period') ?? DEFAULT_TERMS.period),
      zone: flags.get('--zone') ?? DEFAULT_TERMS.zone,
      tiers: flags.has('--tiers') ? tiersOf(flags.get('--tiers') ?? '') : defaultTiers(target),
      from: flags.get('--from') ?? DEFAULT_TERMS.from,
    }),
    json: flags.get('--json') ?? null,
    shuffle: flags.get('--shuffle') ?? null,
    repeat: wholeNumber('--repeat', flags.get('--repeat') ?? '1', 1, MOST_REPEATS),
    late: flags.has('--late'),
    readyFile: flags.get('--ready-file') ?? null,
    help,
  };
};

/** The remedy of the public commitment, its first tier moved to the target and what lies above it left out. */
const defaultTiers = (target: string): readonly Tier[] => {
  const micro = said('--target', () => percentOf(target, 'target'));
  const [first, ...deeper] = DEFAULT_TERMS.tiers;
  return [{ ...first!, below: target }, ...deeper.filter(({ below }) => percentOf(below, 'tier') < micro)];
};

const periodOf = (text: string): Terms['period'] => {
  if (text !== 'month' && text !== 'quarter')
    throw wrongUse(`--period ${JSON.stringify(text)} cannot be: it is month or quarter.`);
  return text;
};

const tiersOf = (list: string): Tier[] =>
  list.split(',').map((step) => {
    const [, below, percent] = /^\s*([\d.]+)\s*:\s*([\d.]+)\s*$/.exec(step) ?? [];
    if (below === undefined || percent === undefined)
      throw wrongUse(
        `--tiers ${JSON.stringify(list)} cannot be read: give below:credit in percent, such as "99.9:10,99.0:25".`,
      );
    return { below, percent };
  });

/** The kernel says what cannot be: the same rules by which the platform would refuse it later. */
const checked = (terms: Terms): Terms => {
  const tiers = terms.tiers.map(({ below, percent }) => ({ below, credit: percent }));
  said('--target', () => percentOf(terms.target, 'target'));
  said('--zone', () => knownZone(terms.zone));
  const ordered = said('--tiers', () => checkedTiers(tiers));
  if (percentOf(ordered[0]!.below, 'tier') !== percentOf(terms.target, 'target'))
    throw wrongUse(
      `--tiers begins below ${ordered[0]!.below} %, and the target is ${terms.target} %: let the highest tier begin at the target, so that what is missed is credited and what is met is not.`,
    );
  if (said('--from', () => dayOf(terms.from)) <= dayOf(EARLIEST_DAY))
    throw wrongUse(`--from ${terms.from} is too early: give a day after ${EARLIEST_DAY}.`);
  return { ...terms, tiers: ordered.map(({ below, credit }) => ({ below, percent: credit })) };
};

const said = <T>(flag: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError) throw wrongUse(`${flag}: ${error.message}.`);
    throw error;
  }
};
