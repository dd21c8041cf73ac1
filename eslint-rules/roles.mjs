import path from 'node:path';

/** The repository's root: every path below is relative to it, with forward slashes. */
export const root = path.resolve(import.meta.dirname, '..');

/** The five processes of IT Service Delivery, each a service of its own. */
export const services = ['service-level', 'availability', 'capacity', 'continuity', 'financial'];

const suffixes = {
  controller: 'door',
  consumer: 'door',
  dto: 'dto',
  publications: 'publications',
  table: 'table',
  worker: 'worker',
  timer: 'worker',
  workers: 'worker',
  timers: 'worker',
  module: 'composition',
  spec: 'test',
  fixtures: 'test',
  behaviour: 'test',
};

/** The last word of a file that answers questions. */
const answers = new Set(['reading', 'lookup', 'explaining']);

/**
 * What a file is, told by its place and its name alone:
 *
 * - `libs/kernel`: `kernel`;
 * - `apps/<service>/src/*.ts` and `migrations/`: `composition`, unless a suffix says more;
 * - `apps/<service>/src/<activity>/*.ts`: by its suffix (`outages.controller.ts` is a door); without a suffix, a file named
 *   for an activity (`outage-recording.ts`, `closing.ts`: the last word ends in -ing) holds use cases, `-reading`,
 *   `-lookup` and `-explaining` answer questions, `-intake` is a door that several share, and every other file (`outage.ts`) is `domain`;
 * - all else: `other`.
 */
export const roleOf = (file) => {
  const parts = path.relative(root, file).split(path.sep);
  const name = parts.at(-1) ?? '';
  const suffix = /\.([a-z]+)\.ts$/.exec(name)?.[1];
  if (suffix && suffixes[suffix] === 'test') return 'test';
  if (parts[0] === 'libs' && parts[1] === 'kernel') return 'kernel';
  if (parts[0] !== 'apps' || !services.includes(parts[1]) || parts[2] !== 'src') return 'other';
  if (suffix && suffix in suffixes) return suffixes[suffix];
  if (parts.length === 4 || parts[3] === 'migrations') return 'composition';
  if (suffix) return 'other';
  const [, last] = /(?:^|-)([a-z]+)\.ts$/.exec(name) ?? [];
  if (answers.has(last)) return 'reading';
  if (last === 'intake') return 'door';
  return last?.endsWith('ing') ? 'use case' : 'domain';
};

/** The project that a file belongs to, as the path of its folder (`apps/availability`), or undefined outside of all. */
export const projectOf = (file) => {
  const parts = path.relative(root, file).split(path.sep);
  return ['apps', 'libs', 'deploy'].includes(parts[0]) && parts.length > 2 ? `${parts[0]}/${parts[1]}` : undefined;
};

/** Runs `check(specifier, node)` for every module that a file names: import, export from, import(), require, import types. */
export const eachImport = (check) => {
  const literal = (source) => {
    if (source?.type === 'Literal' && typeof source.value === 'string') check(source.value, source);
    if (source?.type === 'TSLiteralType') literal(source.literal);
  };
  const bySource = (node) => literal(node.source);
  return {
    ImportDeclaration: bySource,
    ExportNamedDeclaration: bySource,
    ExportAllDeclaration: bySource,
    ImportExpression: bySource,
    TSImportType: (node) => literal(node.source ?? node.argument),
    TSExternalModuleReference: (node) => literal(node.expression),
    CallExpression(node) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') literal(node.arguments[0]);
    },
  };
};
