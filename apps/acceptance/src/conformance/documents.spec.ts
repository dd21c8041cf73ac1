import { existsSync } from 'node:fs';
import path from 'node:path';
import { root, textOf, tree } from './tree';

const documents = tree.filter((file) => file.endsWith('.md'));
const decisions = tree.filter((file) => /^docs\/adr\/\d{4}-.*\.md$/.test(file));

/** The targets of a page's links that lie in the repository, as paths from its root. */
const linksOf = (file: string): string[] =>
  [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.split('#')[0]!)
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => path.posix.normalize(path.posix.join(path.posix.dirname(file), decodeURI(target))));

const exists = (file: string): boolean => existsSync(path.join(root, file));

/** The rows of the glossary: `| term | type | file |`. */
const glossary = textOf('docs/glossary.md')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|(\s*-+\s*\||\s*ITIL term)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .map(([term, type, file]) => ({ term: term!, type: type!, file: file!.replaceAll('`', '') }));

describe('the documents', () => {
  it.each(documents)('%s links to what is there', (file) =>
    expect(linksOf(file).filter((target) => !exists(target))).toEqual([]),
  );

  it('name only files of the tree', () => {
    const named = /`((?:apps|libs|deploy|docs|eslint-rules)\/[\w./-]+\.(?:ts|mjs|cjs|md|json|yaml|conf))`/g;
    const missing = documents.flatMap((file) =>
      [...textOf(file).matchAll(named)]
        .map(([, name]) => name!)
        .filter((name) => !exists(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the glossary', () => {
  it('has a row for each of many terms', () => expect(glossary.length).toBeGreaterThan(20));

  it.each(glossary)('$term is $type, in $file', ({ type, file }) => {
    expect(exists(file)).toBe(true);
    const name = /`(\w+)`/.exec(type)?.[1];
    if (name) expect(textOf(file)).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('the decisions', () => {
  const listed = linksOf('docs/adr/README.md');

  it.each(decisions)('%s is in the list', (file) => expect(listed).toContain(file));

  it.each(decisions)('%s says what was chosen, what was not, and why', (file) => {
    for (const heading of ['## Choice', '## Option not taken', '## Reason']) expect(textOf(file)).toContain(heading);
  });

  it('are numbered without gaps or twins', () =>
    expect(decisions.map((file) => Number(path.basename(file).slice(0, 4)))).toEqual(decisions.map((_, at) => at + 1)));
});
