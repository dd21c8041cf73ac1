import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './tree';

const preset =
  jest.requireActual<(rootDir: string, name: string) => { transformIgnorePatterns: string[] }>(
    '../../../../jest.preset.cjs',
  );

interface Package {
  readonly name: string;
  readonly type?: string;
  readonly exports?: unknown;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const packageIn = (folder: string): Package =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Package;

/** Never loaded by what we run: the command line of TypeORM; helpers that come in both kinds. */
const unloaded = new Set(['yargs', '@swc/helpers']);

/** Where a package is found from a folder, as Node looks for it. */
const found = (name: string, from: string): string | undefined => {
  for (let folder = from; folder.startsWith(root); folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
};

const reached = (names: readonly string[], from: string, seen = new Map<string, Package>()): Map<string, Package> => {
  for (const name of names) {
    const folder = unloaded.has(name) ? undefined : found(name, from);
    if (folder === undefined || seen.has(folder)) continue;
    const one = packageIn(folder);
    seen.set(folder, one);
    reached(Object.keys({ ...one.dependencies, ...one.peerDependencies }), folder, seen);
  }
  return seen;
};

const offersCommonJs = (exports: unknown): boolean =>
  typeof exports === 'object' &&
  exports !== null &&
  ('require' in exports || Object.values(exports).some(offersCommonJs));

describe('the dependencies', () => {
  it('that ship ES modules only are transformed for Jest (else: add the name to `esm` in jest.preset.cjs)', () => {
    const [ignored] = preset(root, 'any').transformIgnorePatterns.map((pattern) => new RegExp(pattern));
    const packages = reached(
      [...Object.keys(packageIn(root).dependencies ?? {}), '@nestjs/testing', 'fast-check'],
      root,
    );
    const untransformed = [...packages]
      .filter(
        ([folder, { type, exports }]) => type === 'module' && !offersCommonJs(exports) && ignored!.test(`${folder}/`),
      )
      .map(([, { name }]) => name);
    expect(untransformed).toEqual([]);
  });
});
