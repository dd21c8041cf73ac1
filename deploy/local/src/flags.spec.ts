import { parseFlags, usage } from './flags';
import { EXIT_USAGE, Refusal } from './refusal';

const defaults = { dataDir: '/clone/.underpin', port: 7100, readyFile: null, sample: true, help: false };
const parse = (...args: string[]) => parseFlags(args, '/clone');

const refusalOf = (...args: string[]): Refusal => {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`${args.join(' ')} was accepted`);
};

describe('the flags of npm start', () => {
  it('need not be given', () => expect(parse()).toEqual(defaults));

  it.each([
    [['--port', '7200'], { port: 7200 }],
    [['--port=7200'], { port: 7200 }],
    [['--data-dir', 'data'], { dataDir: '/clone/data' }],
    [['--data-dir=/var/lib/u=1'], { dataDir: '/var/lib/u=1' }],
    [['--ready-file', '../ready.json'], { readyFile: '/ready.json' }],
    [['--no-sample', '--help'], { sample: false, help: true }],
  ])('%j', (args, expected) => expect(parse(...args)).toEqual({ ...defaults, ...expected }));

  it.each([
    [['--prot', '1'], 'Unknown flag "--prot".'],
    [['7200'], 'Unknown flag "7200".'],
    [['--port'], '--port needs a value.'],
    [['--port', '--no-sample'], '--port needs a value.'],
    [['--data-dir='], '--data-dir needs a value.'],
    [['--no-sample=true'], '--no-sample takes no value.'],
    [['--port', '1', '--port', '2'], '--port is given twice: say it once.'],
    [['--port', '0'], '--port 0 cannot be: it takes a whole number from 1 to 65525.'],
    [['--port', '65526'], '--port 65526 cannot be: it takes a whole number from 1 to 65525.'],
    [['--port', '7e3'], '--port 7e3 cannot be: it takes a whole number from 1 to 65525.'],
  ])('%j is refused with a sentence that names the flag', (args, sentence) => {
    const refusal = refusalOf(...args);
    expect(refusal.message).toBe(`${sentence} "npm start -- --help" lists the flags.`);
    expect(refusal.exitCode).toBe(EXIT_USAGE);
  });

  it('are all in the help text', () =>
    ['--data-dir', '--port', '--ready-file', '--no-sample', '--help'].forEach((flag) => expect(usage).toContain(flag)));
});
