import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@underpin/testing/eventually';
import { RunningPlatform } from '../platform/running-platform';

const ROOT = resolve(__dirname, '../../../..');
const MINUTE = 60_000;
const run = promisify(execFile);

/** A block of the README's walk, and what its answer has to show. */
interface Step {
  readonly shows: string | null;
  readonly commands: string;
}

/** The blocks that are marked as the walk, in their order. */
const walk = (): Step[] =>
  [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/<!-- walk(?:: (.+?))? -->\n```bash\n([^]*?)```/g)].map(
    ([, shows, commands]) => ({ shows: shows ?? null, commands: commands ?? '' }),
  );

describe('The walk of the README', () => {
  let platform: RunningPlatform;
  beforeAll(async () => {
    platform = await RunningPlatform.start({}, { sample: true });
  }, 3 * MINUTE);
  afterAll(() => platform.stop(), MINUTE);

  it(
    'works as it is written, on the sample organisation',
    async () => {
      const steps = walk();
      expect(steps.length).toBeGreaterThanOrEqual(6);
      const [first, ...rest] = steps as [Step, ...Step[]];
      // The only difference to a reader's terminal: where this platform runs.
      const place = first.commands
        .replace('http://127.0.0.1:7100', platform.ready.gateway)
        .replace('.underpin/api-key.txt', platform.ready.apiKeyFile);
      expect(place).not.toBe(first.commands);
      for (const { shows, commands } of rest)
        await eventually(async () => {
          const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', `${place}\n${commands}`]);
          expect(stdout).not.toMatch(/"status":[45]\d\d/);
          if (shows !== null) expect(stdout).toContain(shows);
        });
    },
    2 * MINUTE,
  );
});
