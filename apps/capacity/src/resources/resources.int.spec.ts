import { resources } from '@underpin/contracts/capacity/resource.v1';
import { parsePayload } from '@underpin/contracts/subject';
import { serviceUnderTest, type ServiceUnderTest } from '@underpin/platform/service/service-under-test.fixtures';
import { eventually } from '@underpin/testing/eventually';
import { capacity } from '../capacity.service';

import type { ResourceDto } from './resources.dto';

const memory = {
  name: 'Memory of the payroll database',
  kind: 'memory',
  service: 'payroll',
  unit: 'GiB',
  capacity: '256',
};

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await serviceUnderTest(capacity);
}, 60_000);
afterAll(() => service.stop());

const put = (slug: string, body: unknown) => service.call<ResourceDto>('PUT', `/resources/${slug}`, body);
const toldOf = async (slug: string) => (await service.told(resources.topic)).filter(({ key }) => key === slug);
const refused = (status: number, said: string) => ({
  status,
  body: { status, title: expect.any(String), code: expect.any(String), detail: expect.stringContaining(said) },
});

describe('a resource', () => {
  it('is registered, found again, and told to the others', async () => {
    const { status, body } = await put('payroll-db-memory', memory);
    const { recordedAt, ...registered } = body;
    expect(status).toBe(201);
    expect(registered).toEqual({ slug: 'payroll-db-memory', ...memory, status: 'in-use', supplier: null, version: 1 });
    expect((await service.call('GET', '/resources/payroll-db-memory')).body).toEqual(body);
    await eventually(async () => {
      const [event] = await toldOf('payroll-db-memory');
      expect(event?.type).toBe('underpin.capacity.resource-registered.v1');
      const { slug: id, ...content } = registered;
      expect(parsePayload(resources, event?.data)).toEqual({ ...content, id, recordedAt });
    });
  });

  it('is the same when it is told the same, and tells nobody', async () => {
    const disk = { ...memory, kind: 'storage' };
    await put('disk', disk);
    for (const again of [disk, disk, { ...disk, supplier: null, retired: false }])
      expect(await put('disk', again)).toMatchObject({ status: 200, body: { version: 1 } });
    expect((await put('disk', { ...disk, capacity: '512.50' })).body).toMatchObject({ version: 2, capacity: '512.50' });
    await eventually(async () => expect(await toldOf('disk')).toHaveLength(2));
    expect(
      await service.db.query(`select version_after, who, facts from audit where key = 'disk' order by id`),
    ).toEqual([
      { version_after: 1, who: 'everything', facts: 'registered' },
      { version_after: 2, who: 'everything', facts: 'changed' },
    ]);
  });

  it('is registered once when many register it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => put('race', memory)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
  });

  it('may be retired, and come back', async () => {
    await put('tape', memory);
    expect((await put('tape', { ...memory, retired: true })).body).toMatchObject({ status: 'retired' });
    await put('tape', memory);
    await eventually(async () =>
      expect((await toldOf('tape')).map(({ type }) => type)).toEqual([
        'underpin.capacity.resource-registered.v1',
        'underpin.capacity.resource-retired.v1',
        'underpin.capacity.resource-registered.v1',
      ]),
    );
  });

  it('may be of any script, and of a capacity that no float holds', async () => {
    const told = { ...memory, name: 'Speicher „Gehälter“ 記憶 🚀', capacity: '123456789012345.123456' };
    expect((await put('utf', told)).body).toMatchObject({ name: told.name, capacity: told.capacity });
  });

  it('is listed by page, kind and service', async () => {
    for (const slug of ['l-1', 'l-2', 'l-3']) await put(slug, { ...memory, kind: 'licence', service: 'mail' });
    const page = async (after: string) =>
      (await service.call('GET', `/resources?kind=licence&service=mail&limit=2${after}`)).body;
    expect(await page('')).toMatchObject({ resources: [{ slug: 'l-1' }, { slug: 'l-2' }], next: 'l-2' });
    expect(await page('&after=l-2')).toMatchObject({ resources: [{ slug: 'l-3' }], next: null });
    expect((await service.call('GET', '/resources?service=nobody')).body).toEqual({ resources: [], next: null });
  });
});

describe('bad input', () => {
  it.each([
    ['capacity as a number', { ...memory, capacity: 256 }, 400, 'capacity'],
    ['capacity of 1e309', { ...memory, capacity: '1e309' }, 400, 'capacity'],
    ['capacity of NaN', { ...memory, capacity: 'NaN' }, 400, 'capacity'],
    ['capacity of Infinity', { ...memory, capacity: 'Infinity' }, 400, 'capacity'],
    ['a negative capacity', { ...memory, capacity: '-1' }, 400, 'capacity'],
    ['a capacity of nothing', { ...memory, capacity: '0.000' }, 422, 'more than zero'],
    ['a capacity with too many digits', { ...memory, capacity: '9'.repeat(400) }, 400, 'capacity'],
    ['no name', { ...memory, name: undefined }, 400, 'name'],
    ['a blank name', { ...memory, name: '   ' }, 400, 'name'],
    ['a name that is too long', { ...memory, name: 'x'.repeat(201) }, 400, 'name'],
    ['a name with a NUL', { ...memory, name: 'a\u0000b' }, 400, 'NUL'],
    ['a name with half a character', '{"name":"\\ud800","kind":"cpu","unit":"x"}', 400, 'surrogate'],
    ['a name that is an object', { ...memory, name: { text: 'x' } }, 400, 'name'],
    ['a kind that is none', { ...memory, kind: 'disk' }, 400, 'cpu, memory'],
    ['a service that is no slug', { ...memory, service: 'Pay Roll' }, 400, 'service'],
    ['a word for true', { ...memory, retired: 'true' }, 400, 'retired'],
    ['a misspelt field', { ...memory, capcity: '1' }, 400, 'capcity'],
    ['a field of the prototype', '{"__proto__":{"name":"x"}}', 400, ''],
    ['a list', [memory], 400, ''],
    ['null', 'null', 400, ''],
    ['a number', '1e309', 400, ''],
    ['no JSON', '{"name": ', 400, ''],
    ['nothing', '', 400, ''],
    ['lists in lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, ''],
    ['objects in objects', `${'{"name":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 400, ''],
  ])('as %s is refused with what was wrong', async (_, body, status, said) => {
    expect(await put('bad', body)).toMatchObject(refused(status, said));
    expect((await service.call('GET', '/resources/bad')).status).toBe(404);
  });

  it('of 10 MB is a 413', async () =>
    expect(await put('bad', { ...memory, name: 'x'.repeat(10_000_000) })).toMatchObject(refused(413, '1 MiB')));

  it('of another media type is a 415', async () =>
    expect(await service.call('PUT', '/resources/bad', 'name=x', { 'content-type': 'text/plain' })).toMatchObject(
      refused(415, 'JSON'),
    ));

  it.each(['Bad', '-x', 'x'.repeat(64), 'x'.repeat(3_000), '%00', '%F0%9F%9A%80', '..%2Fmetrics'])(
    'as the name %s is refused',
    async (slug) => {
      const { status } = await put(slug, memory);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );

  it.each([
    'limit=0',
    'limit=501',
    'limit=1e309',
    'limit=ten',
    'limit=1&limit=2',
    'after=%00',
    'after=A',
    'kind=disk',
    'service[x]=1',
    'sort=name',
  ])('in the query %s is refused', async (query) =>
    expect((await service.call('GET', `/resources?${query}`)).status).toBe(400),
  );
});

describe('the door', () => {
  it('lets in who has a key, for what the key is for', async () => {
    const as = async (method: string, key: Record<string, string>) =>
      (await service.call(method, '/resources/door', method === 'PUT' ? memory : undefined, key)).status;
    expect(await as('PUT', { authorization: '' })).toBe(401);
    expect(await as('PUT', { authorization: 'Bearer upk_nobody' })).toBe(401);
    expect(await as('PUT', service.keyFor('capacity:read'))).toBe(403);
    expect(await as('GET', service.keyFor('capacity:read'))).toBe(404);
    expect(await as('PUT', service.keyFor('capacity:write'))).toBe(201);
  });

  it('is ready, and describes itself', async () => {
    await eventually(async () => expect((await service.call('GET', '/health/ready')).status).toBe(200));
    const { body } = await service.call<{ paths: object }>('GET', '/openapi.json');
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/resources', '/resources/{slug}']));
  });
});
