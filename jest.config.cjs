/** All tests of the tree, as `npm test` runs them; what ran and what was skipped stands in the closing line. */
module.exports = {
  projects: [
    '<rootDir>/libs/*/jest.config.cjs',
    '<rootDir>/apps/*/jest.config.cjs',
    '<rootDir>/deploy/*/jest.config.cjs',
  ],
  reporters: ['default', '<rootDir>/libs/testing/src/closing-line.cjs'],
};
