import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '@underpin/testing/eventually';
import { freePort } from '@underpin/testing/free-port';
import { startGateway, type RunningGateway } from './gateway';
import { echo, toyService, type Asked, type ToyService } from './toy-service.fixtures';

const PATIENCE_MS = 400;

let gateway: RunningGateway;
let availability: ToyService;
let financial: ToyService;

beforeAll(async () => {
  availability = await toyService(echo);
  financial = await toyService(echo);
  gateway = await startGateway(
    {
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      services: [
        { name: 'availability', origin: availability.origin },
        { name: 'financial', origin: financial.origin },
        { name: 'capacity', origin: `http://127.0.0.1:${await freePort()}` },
      ],
    },
    PATIENCE_MS,
  );
});

beforeEach(() => {
  availability.answer = echo;
  financial.answer = echo;
});

afterAll(async () => {
  await gateway.stop();
  await Promise.all([availability.die(), financial.die()]);
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { redirect: 'manual', ...init });

/** What the echo says that it was asked. */
const asked = async (path: string, init?: RequestInit): Promise<Asked> =>
  (await (await ask(path, init)).json()) as Asked;

/** What a problem says, once it is one. */
const problemIn = async (answer: Response, status: number): Promise<Record<string, unknown>> => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.status).toBe(status);
  const problem = (await answer.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.any(String),
    correlationId: expect.any(String),
  });
  return problem;
};

describe('a request that is passed on', () => {
  it('keeps its method, path, query, key and body, and loses the prefix', async () => {
    const answer = await ask('/availability/outages/desk/INC%2F1?needs=attention&x=%20', {
      method: 'PUT',
      headers: { authorization: 'Bearer upk_1', 'content-type': 'application/json', 'x-correlation-id': 'mine-1' },
      body: '{"toldAt":"2026-01-01T00:00:00Z"}',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-correlation-id')).toBe('mine-1');
    const seen = (await answer.json()) as Asked;
    expect(seen).toMatchObject({ method: 'PUT', url: '/outages/desk/INC%2F1?needs=attention&x=%20' });
    expect(Buffer.from(seen.body, 'base64').toString()).toBe('{"toldAt":"2026-01-01T00:00:00Z"}');
    expect(seen.headers).toMatchObject({
      authorization: 'Bearer upk_1',
      'content-type': 'application/json',
      'content-length': '33',
      'x-correlation-id': 'mine-1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': new URL(gateway.url).host,
      'x-forwarded-prefix': '/availability',
      host: new URL(availability.origin).host,
    });
  });

  it('gets a correlation id if it has none, and the caller is told which', async () => {
    const answer = await ask('/financial/prices');
    const seen = (await answer.json()) as Asked;
    expect(seen.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-correlation-id')).toBe(seen.headers['x-correlation-id']);
  });

  it.each<Record<string, string>>([{ 'content-type': 'application/x-underpin' }, {}])(
    'keeps bytes that are no text, of whatever type: %p',
    async (headers) => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      expect((await asked('/availability/x', { method: 'POST', headers, body: bytes })).body).toBe(
        bytes.toString('base64'),
      );
    },
  );

  it('takes up to 1 MiB', async () => {
    const body = Buffer.alloc(1_048_576, 'x');
    expect((await asked('/availability/x', { method: 'POST', body })).body).toBe(body.toString('base64'));
  });

  it('is answered with the status, the headers and the problem of the service', async () => {
    availability.answer = (_, response) =>
      response
        .writeHead(422, {
          'content-type': 'application/problem+json',
          'set-cookie': ['a=1', 'b=2'],
          etag: '"7"',
          location: '/outages/1',
        })
        .end('{"code":"outage.too-early"}');
    const answer = await ask('/availability/outages');
    expect(answer.status).toBe(422);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('etag')).toBe('"7"');
    expect(answer.headers.get('location')).toBe('/availability/outages/1');
    expect(await answer.json()).toEqual({ code: 'outage.too-early' });
  });

  it('is answered once: a service that says 503 is not asked again', async () => {
    let count = 0;
    availability.answer = (_, response) => {
      count += 1;
      response.writeHead(503, { 'retry-after': '2' }).end();
    };
    expect((await ask('/availability/x')).status).toBe(503);
    expect(count).toBe(1);
  });

  it('gets its answer while the service is still writing it', async () => {
    let finish = (): void => undefined;
    availability.answer = (_, response) => {
      response.write('first');
      finish = () => response.end(' last');
    };
    const reader = (await ask('/availability/figures')).body!.getReader();
    expect(Buffer.from((await reader.read()).value).toString()).toBe('first');
    finish();
    expect(Buffer.from((await reader.read()).value).toString()).toBe(' last');
  });

  it('gets an answer of 20 MB whole', async () => {
    availability.answer = (_, response) => response.end(Buffer.alloc(20_000_000, 'y'));
    expect((await (await ask('/availability/figures')).arrayBuffer()).byteLength).toBe(20_000_000);
  });

  it('ends at the service too when its caller leaves', async () => {
    let left = false;
    availability.answer = (_, response) => {
      response.on('close', () => (left = true));
      response.write('first');
    };
    const leaving = new AbortController();
    const answer = await ask('/availability/figures', { signal: leaving.signal });
    await answer.body!.getReader().read();
    leaving.abort();
    await eventually(() => expect(left).toBe(true));
  });
});

describe('a service that gives no answer', () => {
  it('is a 503 that names it and says when to come back, if it is away', async () => {
    const answer = await ask('/capacity/resources', { method: 'PUT', body: '{}' });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await problemIn(answer, 503)).toMatchObject({
      code: 'service.unavailable',
      service: 'capacity',
      detail: expect.stringContaining('It has not seen the request'),
    });
  });

  it('is a 503 if it hangs up before it answers, and the caller learns that his change may be made', async () => {
    availability.answer = (request) => request.socket.destroy();
    expect(await problemIn(await ask('/availability/x', { method: 'POST', body: '{}' }), 503)).toMatchObject({
      detail: expect.stringContaining('It may have taken the request in'),
    });
  });

  it('is a 503 if what it says is no HTTP', async () => {
    availability.answer = (request) => request.socket.end('rubbish\r\n\r\n');
    await problemIn(await ask('/availability/x'), 503);
  });

  it('is a 504 if it takes too long', async () => {
    availability.answer = () => undefined;
    expect(await problemIn(await ask('/availability/x'), 504)).toMatchObject({
      code: 'service.timeout',
      service: 'availability',
    });
  });

  it.each([
    ['dies', (response: { destroy(): void }) => response.destroy()],
    ['falls silent', () => undefined],
  ])(
    'breaks the answer off if it %s in the middle of it: half an answer never passes for a whole one',
    async (_, end) => {
      availability.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"outages": [', () => end(response));
      };
      const answer = await ask('/availability/outages');
      expect(answer.status).toBe(200);
      await expect(answer.text()).rejects.toThrow();
      await problemIn(await ask('/nobody'), 404);
    },
  );

  it('is asked again as soon as it is back', async () => {
    const port = await freePort();
    const other = await startGateway({
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      services: [{ name: 'availability', origin: `http://127.0.0.1:${port}` }],
    });
    try {
      await problemIn(await fetch(`${other.url}/availability/x`), 503);
      const back = await toyService(echo, port);
      expect((await fetch(`${other.url}/availability/x`)).status).toBe(200);
      await back.die();
      await problemIn(await fetch(`${other.url}/availability/x`), 503);
    } finally {
      await other.stop();
    }
  });
});

describe('bad input', () => {
  it('for a service that does not exist is a 404 that lists those that do', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect(await problemIn(await ask('/finance/prices', { method }), 404)).toMatchObject({
        code: 'service.unknown',
        detail: expect.stringContaining('/availability, /financial, /capacity'),
      });
  });

  it.each([2_000_000, 10_000_000])(
    'of %i bytes is a 413 that says what is too much, and the service never hears of it',
    async (size) => {
      let count = 0;
      availability.answer = (request, response) => {
        count += 1;
        echo(request, response);
      };
      const body = Buffer.alloc(size, 'x');
      for (const [path, init] of [
        ['/availability/outages', { body }],
        ['/availability/outages', { body: new Blob([body]).stream(), duplex: 'half' }],
      ] as const)
        expect(await problemIn(await ask(path, { method: 'POST', ...init }), 413)).toMatchObject({
          code: 'request.too-large',
          detail: expect.stringContaining('1 MiB'),
        });
      expect(count).toBe(0);
    },
  );

  it.each([
    ['with steps upwards', '/availability/../metrics'],
    ['with escaped steps', '/availability/%2e%2e/metrics'],
    ['with escaped slashes and steps', '/availability/a%2F..%2Fb'],
    ['with half an escape', '/availability/%'],
    ['that is not UTF-8', '/availability/%E0%A4%A'],
    ['with a NUL', '/availability/%00'],
    ['with a NUL in its query', '/availability/x?y=%00'],
    ['to the description of no service', '/openapi/finance.json'],
    ['below a description', '/openapi/availability.json/x'],
    ['below the documentation', '/docs/nothing.js'],
    ['with two slashes first', '//availability/x'],
    ['of slashes', '/'.repeat(2_000)],
    ['that is long, at a service', `/availability/${'x'.repeat(9_000)}`],
    ['that is long', `/${'x'.repeat(9_000)}`],
  ])('such as a path %s is never an error of ours', async (_, path) => {
    availability.answer = (_request, response) => response.writeHead(404).end();
    const { statusCode } = await raw('GET', path);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(statusCode).toBeLessThan(500);
  });

  it('such as a body of a GET, a wish to continue, or a type that is no type is no error of ours either', async () => {
    expect((await raw('GET', '/availability/x', { 'content-length': '2' }, '{}')).statusCode).toBe(200);
    expect(
      (await raw('PUT', '/availability/x', { expect: '100-continue', 'content-length': '2' }, '{}')).statusCode,
    ).toBe(200);
    expect((await raw('PUT', '/availability/x', { 'content-type': ';;;' }, '{}')).statusCode).toBeLessThan(500);
    expect((await raw('PUT', '/availability/x', { 'x-note': '\u00e9' }, '{}')).statusCode).toBe(200);
    expect(
      (await raw('PUT', '/availability/x', { 'x-correlation-id': 'x y' }, '{}')).headers['x-correlation-id'],
    ).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('such as bytes that are no HTTP, or half a request, does the others no harm', async () => {
    const { port } = new URL(gateway.url);
    for (const bytes of [
      '\u0000\u0001rubbish\r\n\r\n',
      'PUT /availability/x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf',
    ]) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined).end(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    expect((await ask('/availability/x')).status).toBe(200);
  });
});

describe('what the gateway says itself', () => {
  it('is one Swagger UI over all services', async () => {
    expect((await ask('/')).headers.get('location')).toBe('/docs');
    for (const address of ['/financial', '/financial/'])
      expect((await ask(address)).headers.get('location')).toBe('/docs?urls.primaryName=financial');
    const page = await (await ask('/docs')).text();
    expect(page).toContain('Underpin: the API');
    const [, script] = /src="(\.\/docs\/swagger-ui-init\.js)"/.exec(page)!;
    const init = await (await ask(new URL(script!, `${gateway.url}/docs`).pathname)).text();
    for (const name of ['availability', 'financial', 'capacity']) expect(init).toContain(`"/openapi/${name}.json"`);
    expect((await ask('/docs/swagger-ui-bundle.js')).status).toBe(200);
  });

  it('is what a service says of itself, with the address at which "Try it out" finds it', async () => {
    availability.answer = (request, response) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ openapi: '3.0.0', paths: { [request.url!]: {} } }));
    const answer = await ask('/openapi/availability.json');
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toMatchObject({ paths: { '/openapi.json': {} }, servers: [{ url: '/availability' }] });
  });

  it.each(['no JSON', '"text"', '[]'])('is a 503 if the description of a service is %s', async (text) => {
    availability.answer = (_, response) => response.writeHead(text === '[]' ? 500 : 200).end(text);
    expect(await problemIn(await ask('/openapi/availability.json'), 503)).toMatchObject({ service: 'availability' });
  });

  it('is that it lives, and that it is ready when all services are, else which is not and why', async () => {
    expect(await (await ask('/health/live')).json()).toEqual({ status: 'live' });
    financial.answer = (_, response) =>
      response.writeHead(503).end(
        JSON.stringify({
          checks: [
            { name: 'database', ok: false, waitingFor: 'a connection' },
            { name: 'bus', ok: true },
          ],
        }),
      );
    const answer = await ask('/health/ready');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: 'not-ready',
      checks: [
        { name: 'availability', ok: true },
        { name: 'financial', ok: false, waitingFor: 'database: a connection' },
        { name: 'capacity', ok: false, waitingFor: 'it does not answer (ECONNREFUSED)' },
      ],
    });
  });

  it('is how long requests took, by service and status', async () => {
    await (await ask('/availability/x')).text();
    await eventually(async () => {
      const text = await (await ask('/metrics')).text();
      expect(text).toMatch(
        /http_request_seconds_count\{service="gateway",method="GET",route="\/availability\/\*",status="200"\} \d+/,
      );
    });
  });
});

/** A request that `fetch` would not send. */
const raw = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    httpRequest({ method, path, headers, hostname, port }, (answer) => {
      answer.resume().on('end', () => resolve(answer));
    })
      .on('error', reject)
      .end(body);
  });
