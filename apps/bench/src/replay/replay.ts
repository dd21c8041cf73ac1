import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endsWithRun, hasEnded } from '@underpin/testing/test-run';
import { reported, type Part, type Terms } from '../finding';
import { startPlatform } from '../platform';
import { repository } from '../processes';

/** A made-up history through the batch door of the platform as `npm start` runs it. */
export const replay = async ({ isShort, say }: Terms): Promise<Part> => {
  const incidents = isShort ? 1_000 : 20_000;
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'underpin-bench-')), 'history.jsonl');
  await run('apps/replay/dist/generate.js', [file, '--incidents', String(incidents)]);
  const platform = await startPlatform();
  const started = performance.now();
  const said = await run('apps/replay/dist/main.js', [file, '--ready-file', platform.readyFile]);
  const seconds = (performance.now() - started) / 1_000;
  await platform.stop();
  const steps = said.match(/^ {2}ok .*$/gm) ?? [];
  steps.forEach((step) => say(step.trim()));
  const play = /ok Play: [\d,]+ reports in ([\d.]+) s/.exec(said)?.[1];
  if (play === undefined) throw new Error(`The player does not say how long it played:\n${said}`);
  return {
    name: 'replay',
    title: 'Replay',
    how: [
      `A generated history of ${incidents.toLocaleString('en')} incidents (12 services, three years, two reports for each outage) through \`POST /outages/batch\`, 200 reports a request, four in flight,`,
      'into the platform as `npm start` runs it: five services and the gateway, PostgreSQL and its log, nothing else. Counting goes on meanwhile.',
    ],
    findings: [
      reported('taken in', 'incidents/s', [incidents / Number(play)]),
      reported('set up, taken in, counted, closed, judged, credited', 'incidents/s', [incidents / seconds]),
    ],
    where: steps.map((step) => step.trim()),
  };
};

/** Runs a program of the tree to its end, and gives what it said. */
const run = (script: string, args: readonly string[]): Promise<string> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [path.join(repository, script), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid as number;
    endsWithRun(pid, 'SIGTERM');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
    child.once('close', (code) => {
      hasEnded(pid);
      if (code === 0) done(said);
      else failed(new Error(`${script} ended with ${code}:\n${said.slice(-2_000)}`));
    });
  });
