import { existsSync } from 'node:fs';
import path from 'node:path';
import { linesWith, root, sources, textOf, tree } from './tree';

const LONGEST_FILE = 400;

const text = tree.filter((file) => !/\.(png|ico|woff2?|gz|jsonl)$/.test(file) && file !== 'package-lock.json');
const specs = tree.filter((file) => file.endsWith('.spec.ts'));
const projects = [
  ...new Set(tree.flatMap((file) => /^(?:apps|libs|deploy)\/[^/]+(?=\/project\.json$)/.exec(file)?.[0] ?? [])),
];

/** Looked for in this very file too: each word is put together from two halves. */
const word = (...halves: string[]): string => halves.join('');

describe('the tree', () => {
  it('names no folder of the machine that it was written on', () => {
    const machine = new RegExp(`(?<![\\w.)\\]}*])/(${word('wo', 'rk')}|${word('ro', 'ot')})/`);
    expect(linesWith(machine, text)).toEqual([]);
  });

  it('names no package registry: where packages come from is the business of the machine', () => {
    const registries = new RegExp(
      [word('registry.', 'npmjs'), word('repo1.', 'maven'), word('repo.', 'maven')].join('|'),
    );
    expect(linesWith(registries, [...text, 'package-lock.json'])).toEqual([]);
    expect(textOf('package-lock.json')).not.toMatch(/"resolved": "http/);
  });

  it(`has no source file over ${LONGEST_FILE} lines`, () =>
    expect(sources.filter((file) => textOf(file).split('\n').length > LONGEST_FILE + 1)).toEqual([]));

  it('has names from the trade: no bin for what has no name', () =>
    expect(tree.filter((file) => /(^|[/.-])(helpers?|utils?|common|manager|misc)(?=[/.-])/.test(file))).toEqual([]));

  it('has no barrels: a file is imported by its own name', () =>
    expect(tree.filter((file) => /\/src\/(.*\/)?index\.ts$/.test(file))).toEqual([]));

  it('keeps what the compiler writes out of its sources', () =>
    expect(tree.filter((file) => /\/src\/.*(\.js|\.js\.map|\.d\.ts)$/.test(file))).toEqual([]));

  it('leaves nothing for later in its sources', () => {
    const later = new RegExp(`\\b(${[word('TO', 'DO'), word('FIX', 'ME')].join('|')})\\b|@ts-(ignore|nocheck)`);
    expect(
      linesWith(
        later,
        sources.filter((file) => !file.startsWith('apps/acceptance/src/conformance/')),
      ),
    ).toEqual([]);
  });
});

describe('every project', () => {
  it.each(projects)('%s is built, linted and tested with the rest', (project) => {
    expect(existsSync(path.join(root, project, 'tsconfig.json'))).toBe(true);
    if (specs.some((file) => file.startsWith(`${project}/`)))
      expect(existsSync(path.join(root, project, 'jest.config.cjs'))).toBe(true);
    const { references } = JSON.parse(textOf('tsconfig.json')) as { references: { path: string }[] };
    expect(references.map((reference) => reference.path)).toContain(project);
  });

  it('has a project.json, so that the rules of the house know its tags', () => {
    const folders = new Set(tree.flatMap((file) => /^(?:apps|libs)\/[^/]+(?=\/)/.exec(file)?.[0] ?? []));
    expect([...folders].filter((folder) => !projects.includes(folder))).toEqual([]);
  });
});

describe('every test', () => {
  it('lives where its project looks for it', () => {
    const found = new RegExp(`^(${projects.join('|')})/src/`);
    expect(specs.filter((file) => !found.test(file))).toEqual([]);
  });

  it('that needs a real PostgreSQL says so in its name: *.int.spec.ts', () => {
    const real = specs.filter((file) => /from '@underpin\/testing\/postgres'|from '\.\/postgres'/.test(textOf(file)));
    expect(real.filter((file) => !file.endsWith('.int.spec.ts') && !file.startsWith('apps/acceptance/'))).toEqual([]);
  });

  it('of the kernel is plain arithmetic: it needs no server', () =>
    expect(specs.filter((file) => file.startsWith('libs/kernel/') && file.endsWith('.int.spec.ts'))).toEqual([]));

  it('runs, or is skipped with a reason that the closing line repeats (describeUnless)', () => {
    const skipped = /\b(describe|it|test)\.(only|skip|todo)\b|\b(xit|xdescribe|xtest|fit|fdescribe)\(/;
    expect(
      linesWith(
        skipped,
        specs.filter((file) => !file.includes('/conformance/')),
      ),
    ).toEqual([]);
  });

  it('waits for what it waits for, never for a time', () =>
    expect(linesWith(/setTimeout\(r(es(olve)?)?, ?\d{3,}|\bsleep\(\d{3,}/, specs)).toEqual([]));
});
