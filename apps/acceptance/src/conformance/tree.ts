import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '../../../..');

/** Folders that the tree's own files do not live in. */
const foreign = new Set(['node_modules', 'dist', '.git', '.nx', '.underpin', '_', 'coverage', 'tmp']);

const below = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return foreign.has(entry.name) ? [] : below(name);
    return entry.isFile() ? [name] : [];
  });

/** Every file of the repository, as a path from its root with forward slashes. */
export const tree: readonly string[] = below('.');

export const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The TypeScript and JavaScript that people write. */
export const sources: readonly string[] = tree.filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.endsWith('.d.ts'));

/** `file:line` of every line that a pattern is found in. */
export const linesWith = (pattern: RegExp, files: readonly string[]): string[] =>
  files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
