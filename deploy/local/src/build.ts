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
 * Builds what is stale of the programs that run here; `note` hears which project is being built.
 * @throws Refusal with the compiler's first errors.
 */
export async function build({ root, entry }: Workspace, signal: AbortSignal, note: (project: string) => void): Promise<void> {
  const compiler = compilerIn(root);
  if (compiler === null) {
    // An installation without development dependencies was built before.
    if (existsSync(entry(GATEWAY))) return;
    throw new Refusal('Nothing is built and the TypeScript compiler is not installed: run "npm ci".');
  }
  const projects = [...services.map(({ name }) => name), GATEWAY].map((name) => join(root, 'apps', name));
  const child = spawn(process.execPath, [compiler, '-b', '--verbose', ...projects], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const project = /Building project '(.+)[/\\]tsconfig\.json'/.exec(line)?.[1];
    if (project !== undefined) note(project);
    if (/error TS\d+/.test(line)) errors.push(line);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  if (signal.aborted) throw new Refusal('Stopping.');
  if (code !== 0)
    throw new Refusal(`The build fails (tsc -b: exit code ${code}):\n${errors.slice(0, ERRORS_SHOWN).join('\n')}\nCorrect it, or run "npm ci" if the tree is new.`);
}

const compilerIn = (root: string): string | null => {
  try {
    return createRequire(join(root, 'package.json')).resolve('typescript/lib/tsc.js');
  } catch {
    return null;
  }
};
