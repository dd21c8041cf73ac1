import { plans } from '@underpin/contracts/continuity/plan.v1';
import { parsePayload } from '@underpin/contracts/subject';
import { serviceUnderTest, type ServiceUnderTest } from '@underpin/platform/service/service-under-test.fixtures';
import { eventually } from '@underpin/testing/eventually';
import { continuity } from '../continuity.service';

import type { PlanDto } from './plans.dto';

const recovery = {
  name: 'Recovery of payroll',
  services: ['payroll', 'mail'],
  rto: 'PT4H',
  rpo: 'PT1H',
  option: 'intermediate',
  owner: 'Head of Operations',
  approvedAt: '2026-03-02T10:00:00+01:00',
};

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await serviceUnderTest(continuity);
}, 60_000);
afterAll(() => service.stop());

const put = (slug: string, body: unknown) => service.call<PlanDto>('PUT', `/plans/${slug}`, body);
const toldOf = async (slug: string) => (await service.told(plans.topic)).filter(({ key }) => key === slug);
const reasonsFor = async (slug: string) => (await toldOf(slug)).map(({ type }) => type);
const refused = (status: number, said: string) => ({
  status,
  body: { status, title: expect.any(String), code: expect.any(String), detail: expect.stringContaining(said) },
});

describe('a plan', () => {
  it('is approved, found again, and told to the others', async () => {
    const { status, body } = await put('payroll-recovery', recovery);
    const { recordedAt, ...approved } = body;
    expect(status).toBe(201);
    expect(approved).toEqual({
      ...recovery,
      slug: 'payroll-recovery',
      status: 'approved',
      services: ['mail', 'payroll'],
      approvedAt: '2026-03-02T09:00:00.000Z',
      version: 1,
    });
    expect((await service.call('GET', '/plans/payroll-recovery')).body).toEqual(body);
    await eventually(async () => {
      const [event] = await toldOf('payroll-recovery');
      expect(event?.type).toBe('underpin.continuity.plan-approved.v1');
      const { slug: id, ...content } = approved;
      expect(parsePayload(plans, event?.data)).toEqual({ ...content, id, recordedAt });
    });
  });

  it('is the same in whatever order it names its services, and tells nobody', async () => {
    await put('same', recovery);
    const again = await put('same', { ...recovery, services: ['mail', 'payroll'], approvedAt: undefined });
    expect(again).toMatchObject({ status: 200, body: { version: 1, approvedAt: '2026-03-02T09:00:00.000Z' } });
    await eventually(async () => expect(await reasonsFor('same')).toEqual(['underpin.continuity.plan-approved.v1']));
  });

  it('is approved anew with other objectives, and may be retired', async () => {
    const faster = { ...recovery, rto: 'P1DT12H30M', approvedAt: null };
    await put('life', recovery);
    expect((await put('life', faster)).body).toMatchObject({ version: 2, rto: 'P1DT12H30M' });
    expect((await put('life', { ...faster, retired: true })).body).toMatchObject({ version: 3, status: 'retired' });
    await eventually(async () =>
      expect(await reasonsFor('life')).toEqual([
        'underpin.continuity.plan-approved.v1',
        'underpin.continuity.plan-approved.v1',
        'underpin.continuity.plan-retired.v1',
      ]),
    );
  });

  it('is listed by page, and by the services that it brings back', async () => {
    for (const slug of ['l-1', 'l-2', 'l-3']) await put(slug, { ...recovery, services: ['crm'] });
    const page = async (after: string) => (await service.call('GET', `/plans?service=crm&limit=2${after}`)).body;
    expect(await page('')).toMatchObject({ plans: [{ slug: 'l-1' }, { slug: 'l-2' }], next: 'l-2' });
    expect(await page('&after=l-2')).toMatchObject({ plans: [{ slug: 'l-3' }], next: null });
  });
});

describe('bad input', () => {
  it.each([
    ['an objective as a number', { ...recovery, rto: 4 }, 400, 'rto'],
    ['an objective of nothing', { ...recovery, rto: 'PT0H' }, 422, 'more than nothing'],
    ['an objective of no digits', { ...recovery, rpo: 'PT' }, 400, 'such as PT4H'],
    ['an objective in months', { ...recovery, rpo: 'P1M' }, 400, 'days, hours and minutes'],
    ['a negative objective', { ...recovery, rpo: '-PT1H' }, 400, 'rpo'],
    ['an objective of 1e309', { ...recovery, rto: 'PT1e309H' }, 400, 'rto'],
    ['an objective of many years', { ...recovery, rto: 'P999999D' }, 422, 'at most 366 days'],
    ['no services', { ...recovery, services: [] }, 400, 'services'],
    ['too many services', { ...recovery, services: Array.from({ length: 51 }, (_, n) => `s-${n}`) }, 400, 'services'],
    ['a service twice', { ...recovery, services: ['payroll', 'payroll'] }, 400, 'once'],
    ['services that are one text', { ...recovery, services: 'payroll' }, 400, 'services'],
    ['a service that is no slug', { ...recovery, services: ['Pay roll'] }, 400, 'services'],
    ['a service that is null', { ...recovery, services: [null] }, 400, 'services'],
    ['an option that is none', { ...recovery, option: 'hot' }, 400, 'gradual'],
    ['an approval to come', { ...recovery, approvedAt: '2199-01-01T00:00:00Z' }, 422, 'is after now'],
    ['an approval in the year 0', { ...recovery, approvedAt: '0000-00-00T00:00:00Z' }, 400, 'approvedAt'],
    ['an approval in the year 99999', { ...recovery, approvedAt: '99999-01-01T00:00:00Z' }, 400, 'approvedAt'],
    ['an approval on 30 February', { ...recovery, approvedAt: '2026-02-30T00:00:00Z' }, 400, 'approvedAt'],
    ['an approval without an offset', { ...recovery, approvedAt: '2026-02-03T00:00:00' }, 400, 'offset'],
    ['an approval as a number', { ...recovery, approvedAt: 1772442000000 }, 400, 'approvedAt'],
    ['a name with a NUL', { ...recovery, name: 'a\u0000b' }, 400, 'NUL'],
    ['a misspelt field', { ...recovery, standby: 'gradual' }, 400, 'standby'],
    ['a list', [recovery], 400, ''],
    ['no JSON', '{"name": ', 400, ''],
    ['lists in lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, ''],
  ])('as %s is refused with what was wrong', async (_, body, status, said) => {
    expect(await put('bad', body)).toMatchObject(refused(status, said));
    expect((await service.call('GET', '/plans/bad')).status).toBe(404);
  });

  it('of 10 MB is a 413', async () =>
    expect(await put('bad', { ...recovery, name: 'x'.repeat(10_000_000) })).toMatchObject(refused(413, '1 MiB')));

  it.each(['Bad', 'x'.repeat(3_000), '%00', '..%2Fmetrics'])('as the name %s is refused', async (slug) => {
    const { status } = await put(slug, recovery);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it.each(['limit=0', 'limit=1e309', 'limit=1&limit=2', 'after=%00', 'service=A', 'sort=name'])(
    'in the query %s is refused',
    async (query) => expect((await service.call('GET', `/plans?${query}`)).status).toBe(400),
  );

  it('without a key, or with one for reading only, changes nothing', async () => {
    const as = async (key: Record<string, string>) => (await service.call('PUT', '/plans/door', recovery, key)).status;
    expect(await as({ authorization: '' })).toBe(401);
    expect(await as(service.keyFor('continuity:read'))).toBe(403);
    expect((await service.call('GET', '/plans/door')).status).toBe(404);
  });
});

it('is ready, and describes itself', async () => {
  await eventually(async () => expect((await service.call('GET', '/health/ready')).status).toBe(200));
  const { body } = await service.call<{ paths: object }>('GET', '/openapi.json');
  expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/plans', '/plans/{slug}']));
});
