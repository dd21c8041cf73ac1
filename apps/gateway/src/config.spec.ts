import { readGatewayConfig } from './config';

const fit = {
  UNDERPIN_PORT: '7100',
  UNDERPIN_SERVICES: 'availability=http://127.0.0.1:7102, financial=https://finance.example:8443/',
};

const problemsOf = (env: Record<string, string>): string => {
  try {
    readGatewayConfig(env);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

it('reads the services with the names that are their paths', () =>
  expect(readGatewayConfig(fit)).toEqual({
    host: '127.0.0.1',
    port: 7100,
    logLevel: 'info',
    services: [
      { name: 'availability', origin: 'http://127.0.0.1:7102' },
      { name: 'financial', origin: 'https://finance.example:8443' },
    ],
  }));

it('tells all that is missing or wrong at once', () => {
  const problems = problemsOf({ UNDERPIN_PORT: '70000', UNDERPIN_LOG_LEVEL: 'loud' });
  expect(problems).toContain('UNDERPIN_PORT is "70000"');
  expect(problems).toContain('UNDERPIN_SERVICES is missing');
  expect(problems).toContain('UNDERPIN_LOG_LEVEL is "loud"');
});

it.each([
  ['no name', '=http://127.0.0.1:1', 'expected name=url'],
  ['no address', 'availability', 'expected name=url'],
  ['another protocol', 'availability=ftp://127.0.0.1', 'expected name=url'],
  ['a name that is no path', 'Availability=http://127.0.0.1:1', 'a name has'],
  ['a path of the gateway', 'docs=http://127.0.0.1:1', "the gateway's own"],
  ['an address with a path', 'availability=http://127.0.0.1:1/api', 'scheme, host and port'],
  ['a name that comes twice', 'a=http://127.0.0.1:1,a=http://127.0.0.1:2', 'more than once'],
])('refuses a list of services with %s', (_, services, said) => {
  expect(problemsOf({ ...fit, UNDERPIN_SERVICES: services })).toContain(said);
});
