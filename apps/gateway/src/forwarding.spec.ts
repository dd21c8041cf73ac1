import { towardsCaller, towardsService } from './forwarded-headers';
import { behindGateway } from './openapi';
import { noSuchService, pathBehind } from './route';
import { ServiceSilent } from './service-silent';

describe('the path behind the gateway', () => {
  it.each([
    ['/availability/outages/monitoring/INC-1', '/outages/monitoring/INC-1'],
    ['/availability/outages?service=payroll&open=true', '/outages'],
    ['/availability/', '/'],
    ['/availability/?x=/availability/y', '/'],
    ['/%61vailability/outages', '/outages'],
    ['/availability/outages/desk/INC%2F1%3Fa', '/outages/desk/INC%2F1%3Fa'],
    ['/availability//outages', '//outages'],
    ['/availability/outages/desk/a..b', '/outages/desk/a..b'],
  ])('of %s is %s', (url, path) => {
    expect(pathBehind(url)).toBe(path);
  });

  it.each([
    '/availability/../metrics',
    '/availability/a/..',
    '/availability/%2e%2e/metrics',
    '/availability/a%2f..%2fb',
  ])('has no steps upwards: %s', (url) => {
    expect(() => pathBehind(url)).toThrow('".."');
  });

  it('names the services where there is none, and does not repeat a long path in full', () => {
    const services = [
      { name: 'availability', origin: 'http://a' },
      { name: 'financial', origin: 'http://f' },
    ];
    expect(noSuchService('/finance/prices?x=1', services)).toMatch(
      /^There is nothing at \/finance\/prices\. .*\/availability, \/financial;/,
    );
    expect(noSuchService(`/${'x'.repeat(5_000)}`, services).length).toBeLessThan(300);
  });
});

describe('the headers of a forwarded message', () => {
  const arrival = { correlationId: 'c-1', from: '10.0.0.9', protocol: 'http', prefix: '/availability' };

  it('are those of the caller and the way that the message has taken', () =>
    expect(
      towardsService(
        {
          authorization: 'Bearer upk_1',
          'content-type': 'application/json',
          host: 'underpin.example',
          'if-match': '"3"',
        },
        arrival,
      ),
    ).toEqual({
      authorization: 'Bearer upk_1',
      'content-type': 'application/json',
      'if-match': '"3"',
      'x-correlation-id': 'c-1',
      'x-forwarded-for': '10.0.0.9',
      'x-forwarded-host': 'underpin.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-prefix': '/availability',
    }));

  it('add to the way that is known already', () =>
    expect(
      towardsService(
        {
          'x-forwarded-for': '192.0.2.1',
          'x-forwarded-proto': 'https',
          'x-forwarded-host': 'example.org',
          host: 'inner',
        },
        arrival,
      ),
    ).toMatchObject({
      'x-forwarded-for': '192.0.2.1, 10.0.0.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'example.org',
    }));

  it('leave out what belongs to one connection, and what the connection names', () => {
    const sent = towardsService(
      {
        connection: 'keep-alive, X-Mine',
        'x-mine': '1',
        'keep-alive': 'timeout=5',
        te: 'gzip',
        trailer: 'x',
        upgrade: 'websocket',
        'transfer-encoding': 'chunked',
        'proxy-authorization': 'Basic x',
        expect: '100-continue',
        'content-length': '7',
        accept: 'text/plain',
      },
      arrival,
    );
    expect(Object.keys(sent).filter((name) => !name.startsWith('x-forwarded') && name !== 'x-correlation-id')).toEqual([
      'accept',
    ]);
  });

  it('lead a redirect back to the same service', () => {
    expect(towardsCaller({ location: '/docs', connection: 'close' }, '/availability')).toEqual({
      location: '/availability/docs',
    });
    expect(towardsCaller({ location: 'https://example.org/' }, '/availability')).toEqual({
      location: 'https://example.org/',
    });
    expect(towardsCaller({ location: '//example.org/' }, '/availability')).toEqual({ location: '//example.org/' });
  });
});

describe('a service without an answer', () => {
  const silent = (code: string) =>
    new ServiceSilent('availability', new Error('outer', { cause: Object.assign(new Error('inner'), { code }) }));

  it.each([
    ['ECONNREFUSED', 503, 'It has not seen the request'],
    ['UND_ERR_CONNECT_TIMEOUT', 503, 'It has not seen the request'],
    ['UND_ERR_SOCKET', 503, 'It may have taken the request in'],
    ['UND_ERR_HEADERS_TIMEOUT', 504, 'It may have taken the request in'],
  ])('(%s) is a %i that says whether the request was seen', (code, status, said) => {
    const { detail, ...problem } = silent(code).problem();
    expect(problem).toMatchObject({ status, service: 'availability' });
    expect(detail).toContain(said);
  });
});

it('describes a service as it is reached through the gateway', () =>
  expect(
    behindGateway(
      { openapi: '3.0.0', servers: [{ url: 'http://elsewhere' }], paths: { '/outages': {} } },
      'availability',
    ),
  ).toEqual({
    openapi: '3.0.0',
    servers: [{ url: '/availability', description: 'Through the gateway' }],
    paths: { '/outages': {} },
  }));
