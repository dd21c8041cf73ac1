const { existsSync, readdirSync } = require('node:fs');
const path = require('node:path');

/** Libraries whose tests on a real PostgreSQL are quick enough for every save. */
const withPostgres = ['kernel', 'contracts', 'platform', 'testing'];

/** What `npm run test:quick` leaves to `npm test`: a broker, whole services, the running platform. */
const left = (project) =>
  withPostgres.includes(project)
    ? ['kafka[^/]*\\.int\\.spec\\.ts$']
    : ['\\.int\\.spec\\.ts$', '/acceptance/src/(scenarios|faults)/'];

const projects = ['libs', 'apps', 'deploy'].flatMap((folder) =>
  readdirSync(path.join(__dirname, folder))
    .map((name) => ({ name, config: path.join(__dirname, folder, name, 'jest.config.cjs') }))
    .filter(({ config }) => existsSync(config))
    .map(({ name, config }) => ({ ...require(config), testPathIgnorePatterns: ['/node_modules/', ...left(name)] })),
);

/** The tests that answer in under two minutes. */
module.exports = { ...require('./jest.config.cjs'), projects, maxWorkers: 2 };
