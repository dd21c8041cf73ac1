import { DEFAULT_TERMS, optionsOf } from './options';

const refusalOf = (...args: string[]): string => {
  try {
    optionsOf(args);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

describe('the options of a replay', () => {
  it('are those of the public commitment where nothing is said', () =>
    expect(optionsOf(['f.jsonl'])).toEqual({
      file: 'f.jsonl',
      terms: DEFAULT_TERMS,
      json: null,
      shuffle: null,
      repeat: 1,
      late: false,
      readyFile: null,
      help: false,
    }));

  it('are all read, with "=" or without, before the file or after it', () =>
    expect(
      optionsOf([
        '--target=99.5',
        '--period',
        'month',
        'f.jsonl',
        '--zone',
        'Europe/Berlin',
        '--tiers',
        '99.0:25,99.5:10',
        '--from',
        '2023-02-03',
        '--json',
        'o.json',
        '--shuffle',
        's',
        '--repeat',
        '3',
        '--late',
        '--ready-file',
        'r.json',
      ]),
    ).toEqual({
      file: 'f.jsonl',
      terms: {
        target: '99.5',
        period: 'month',
        zone: 'Europe/Berlin',
        tiers: [
          { below: '99.5', percent: '10' },
          { below: '99.0', percent: '25' },
        ],
        from: '2023-02-03',
      },
      json: 'o.json',
      shuffle: 's',
      repeat: 3,
      late: true,
      readyFile: 'r.json',
      help: false,
    }));

  it.each([
    ['99.95', '99.95:10,99.0:25'],
    ['99.5', '99.5:10,99.0:25'],
    ['98', '98:10'],
  ])('begin the usual remedy at a target of %s: %s', (target, tiers) =>
    expect(optionsOf(['f', '--target', target]).terms).toEqual(
      optionsOf(['f', '--target', target, '--tiers', tiers]).terms,
    ),
  );

  it.each([
    ['no file', [], 'Which history?'],
    ['two files', ['a', 'b'], 'One file at a time'],
    ['an unknown flag', ['a', '--fast'], 'Unknown flag "--fast"'],
    ['a flag without its value', ['a', '--target', '--late'], '--target needs a value'],
    ['a flag said twice', ['a', '--late', '--late'], '--late is given twice'],
    ['a value for a switch', ['a', '--late=1'], '--late takes no value'],
    ['a target of 0', ['a', '--target', '0'], '--target: "0" as target is out of range'],
    ['a target of 101', ['a', '--target', '101'], '--target: "101" as target is out of range'],
    ['a target that is no number', ['a', '--target', '1e2'], '--target: "1e2" as target is not a percentage'],
    ['a week', ['a', '--period', 'week'], '--period "week" cannot be: it is month or quarter'],
    ['an offset for a zone', ['a', '--zone', '+02:00'], '--zone: "+02:00" is not a time zone'],
    ['tiers that are no list', ['a', '--tiers', '99.9'], '--tiers "99.9" cannot be read'],
    ['tiers that contradict each other', ['a', '--tiers', '99.9:25,99.0:10'], '--tiers: 10 % below 99.0 is not more'],
    [
      'tiers above the target',
      ['a', '--target', '99.5', '--tiers', '99.9:10'],
      '--tiers begins below 99.9 %, and the target is 99.5 %',
    ],
    [
      'tiers with a gap to the target',
      ['a', '--tiers', '99.0:25'],
      '--tiers begins below 99.0 %, and the target is 99.9 %: let the highest tier begin at the target',
    ],
    ['a day that no calendar has', ['a', '--from', '2023-02-30'], '--from: "2023-02-30" is not a date'],
    ['a day too early', ['a', '--from', '1999-12-31'], '--from 1999-12-31 is too early'],
    ['no repeats', ['a', '--repeat', '0'], '--repeat 0 cannot be'],
  ])('refuse %s', (_name, args, sentence) => expect(refusalOf(...args)).toContain(sentence));
});
