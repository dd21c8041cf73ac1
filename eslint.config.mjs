import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { underpin } from './eslint-rules/index.mjs';
import { roleOf, services } from './eslint-rules/roles.mjs';

// The boundary rule reads the cached project graph and checks nothing, silently, where there is none (a fresh clone).
process.env.NX_DAEMON = 'false';
await createProjectGraphAsync();

const tests = [
  '**/*.spec.ts',
  '**/*.fixtures.ts',
  '**/*.behaviour.ts',
  'libs/testing/**/*.ts',
  'apps/acceptance/**/*.ts',
];

/** Machine time (leases, back-off, retention) is read here only; programs that measure or only show are their own clock. */
const machineTime = [
  'libs/platform/src/{time,messaging,telemetry}/**/*.ts',
  'libs/testing/**/*.ts',
  'apps/{acceptance,bench,replay}/**/*.ts',
  'deploy/**/*.ts',
  '**/*.spec.ts',
];

const floats = 'goes through a float: parse and print decimals with the kernel (integers, bigint, Ratio).';
const impure = 'has no place in a pure file: take what it gives as an argument.';
const chance = ['default', 'randomBytes', 'randomInt', 'randomUUID', 'webcrypto'];

const service = (process) => ({
  sourceTag: `process:${process}`,
  onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:platform', 'type:testing'],
});

export default defineConfig(
  { ignores: ['**/dist/', '**/node_modules/', '.nx/', 'coverage/', 'tmp/', '.underpin/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    name: 'types',
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/require-await': 'off', // a port's second implementation may answer at once
      '@typescript-eslint/unbound-method': 'off', // ports are objects of functions, and are taken apart
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    name: 'plain JavaScript: configuration, and what runs before anything is built',
    files: ['**/*.{js,cjs,mjs}'],
    rules: {
      'no-unused-vars': 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    name: 'tests assert on answers of any shape',
    files: tests,
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    name: 'programs that speak to a terminal',
    files: ['apps/{acceptance,bench,replay}/**/*.ts', 'deploy/**/*.ts', 'libs/testing/**/*.ts', '**/*.spec.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    name: 'boundaries',
    files: ['**/*.ts'],
    plugins: { '@nx': nx, underpin },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          checkDynamicDependenciesExceptions: ['.*'], // nothing is lazy here: a test that imports late wants a fresh module
          depConstraints: [
            {
              sourceTag: 'type:kernel',
              onlyDependOnLibsWithTags: [],
              allowedExternalImports: ['temporal-polyfill', 'fast-check'],
            },
            { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:kernel'] },
            { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:testing'] },
            { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts'] },
            ...services.map(service),
            { sourceTag: 'type:gateway', onlyDependOnLibsWithTags: ['type:kernel', 'type:platform', 'type:testing'] },
            { sourceTag: 'type:player', onlyDependOnLibsWithTags: ['type:kernel'] },
            {
              sourceTag: 'type:acceptance',
              onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:testing'],
            },
            {
              sourceTag: 'type:bench',
              onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:platform', 'type:testing'],
            },
            { sourceTag: 'type:deploy', onlyDependOnLibsWithTags: ['type:kernel', 'type:platform', 'type:testing'] },
          ],
        },
      ],
      'underpin/own-project': 'error',
      'underpin/layers': 'error',
    },
  },
  {
    name: 'clock',
    files: ['**/*.ts'],
    ignores: machineTime,
    plugins: { underpin },
    rules: { 'underpin/clock': 'error' },
  },
  {
    name: 'the platform takes how long something lasts',
    files: ['libs/platform/**/*.ts'],
    ignores: machineTime,
    rules: { 'underpin/clock': ['error', { spans: true }] },
  },
  {
    name: 'exact numbers',
    files: ['libs/{kernel,contracts}/**/*.ts', `apps/{${services.join(',')}}/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'parseFloat', message: `parseFloat ${floats}` }],
      'no-restricted-properties': [
        'error',
        ...['parseFloat', 'toFixed', 'toPrecision'].map((property) => ({ property, message: `${property} ${floats}` })),
        { object: 'Math', property: 'random', message: `Math.random ${impure}` },
      ],
    },
  },
  {
    name: 'pure files',
    files: [['**/*.ts', (file) => ['domain', 'kernel'].includes(roleOf(file))]],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: 'node:crypto', importNames: chance, message: `chance ${impure}` },
        { name: 'crypto', message: 'Say node:crypto.' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'parseFloat', message: `parseFloat ${floats}` },
        ...['process', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'fetch'].map((name) => ({
          name,
          message: `${name} ${impure}`,
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: ':function[async=true]',
          message: 'A pure file computes: the use case has already loaded what it needs.',
        },
      ],
    },
  },
  {
    name: 'doors',
    files: ['**/*.controller.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['ImportDeclaration[importKind="type"]', 'ImportDeclaration:has(ImportSpecifier[importKind="type"])'].map(
          (kind) => ({
            selector: `${kind}[source.value=/\\.dto$/]`,
            message: 'Import a DTO as a value: `import type` switches its validation off, silently.',
          }),
        ),
      ],
    },
  },
);
