import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Refusal } from './refusal';
import { GATEWAY, services } from './topology';
import type { Workspace } from './workspace';

const ERRORS_SHOWN = 10;

/**
 * Builds what is stale of the programs that run here; `onProject` hears, when the building of one begins, how many that makes.
 * @returns how many projects were built.
 * @throws Refusal with the compiler's first errors.
 */
export async function build(
  { root, entry }: Workspace,
  signal: AbortSignal,
  onProject: (count: number) => void,
): Promise<number> {
  const compiler = compilerIn(root);
  if (compiler === null) {
    // An installation without development dependencies was built before.
    if (existsSync(entry(GATEWAY))) return 0;
    throw new Refusal('Nothing is built and the TypeScript compiler is not installed: run "npm ci".');
  }
  const projects = [...services.map(({ name }) => name), GATEWAY].map((name) => join(root, 'apps', name));
  const child = spawn(process.execPath, [compiler, '-b', '--verbose', ...projects], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const errors: string[] = [];
  let count = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (/Building project '/.test(line)) onProject((count += 1));
    if (/error TS\d+/.test(line)) errors.push(line);
  });
  child.stderr.on('data', (text: Buffer) => errors.push(text.toString('utf8').trim()));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  if (signal.aborted) throw new Refusal('Stopping.');
  if (code !== 0)
    throw new Refusal(
      [
        `The build fails (tsc -b: exit code ${code ?? 'none, it was killed'}):`,
        ...errors.slice(0, ERRORS_SHOWN),
        'Correct it, or run "npm ci" if the tree is new.',
      ].join('\n'),
    );
  return count;
}

const compilerIn = (root: string): string | null => {
  try {
    return createRequire(join(root, 'package.json')).resolve('typescript/lib/tsc.js');
  } catch {
    return null;
  }
};
