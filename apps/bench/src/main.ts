import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { consumer } from './consumer/consumer';
import type { Part, Terms } from './finding';
import { flagsOf, usageOf } from './flags';
import { history } from './history/history';
import { log } from './log/log';
import { thisMachine } from './machine';
import { lineOf, pageOf } from './page';
import { penalty } from './penalty/penalty';
import { repository } from './processes';
import { put } from './put/put';
import { relay } from './relay/relay';
import { replay } from './replay/replay';

const parts: Readonly<Record<string, (terms: Terms) => Promise<Part>>> = {
  put,
  relay,
  consumer,
  history,
  penalty,
  replay,
  log,
};
const PAGE = 'docs/benchmarks.md';

/** `npm run bench`. Exit code: 0 measured (whether or not the aims are met), 1 something could not be measured. */
const main = async (args: readonly string[]): Promise<void> => {
  const flags = flagsOf(args, Object.keys(parts), PAGE);
  if (flags.help) return console.log(usageOf(Object.keys(parts), PAGE));
  process.env['UNDERPIN_TEST_POSTGRES_DURABLE'] = '1'; // before the server is started: what was answered is on the disk
  const say = (line: string): void => console.log(line);
  const machine = await thisMachine();
  const done: Part[] = [];
  for (const name of flags.only) {
    say(`\n${name}`);
    try {
      const part = await (parts[name] as (typeof parts)[string])({
        isShort: flags.isShort,
        why: flags.why,
        say: (line) => say(`  ${line}`),
      });
      done.push(part);
      for (const finding of part.findings) say(`  = ${lineOf(finding)}`);
      for (const line of part.where) say(`    ${line}`);
    } catch (error) {
      process.exitCode = 1;
      const why = error instanceof Error ? error.message : String(error);
      done.push({
        name,
        title: name,
        how: [`Not measured in this run: ${why.split('\n', 1)[0]}`],
        findings: [],
        where: [],
      });
      say(`  ! ${name} was not measured: ${error instanceof Error ? (error.stack ?? why) : why}`);
    }
  }
  const page = pageOf(machine, done, flags.isShort);
  if (flags.out === null) return;
  writeFileSync(path.resolve(repository, flags.out), page);
  say(`\nWritten to ${flags.out}.`);
};

main(process.argv.slice(2))
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  // What was started is ended by the run's reaper; an open connection must not keep this process.
  .finally(() => process.exit());
