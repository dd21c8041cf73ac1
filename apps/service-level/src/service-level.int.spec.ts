import { randomUUID } from 'node:crypto';
import type { FigureV1 } from '@underpin/contracts/availability/figure.v1';
import { figures } from '@underpin/contracts/availability/figure.v1';
import { agreements } from '@underpin/contracts/service-level/agreement.v1';
import { attainments } from '@underpin/contracts/service-level/attainment.v1';
import { iso } from '@underpin/kernel/time/instant';
import { periodAt } from '@underpin/kernel/time/period';
import { serviceUnderTest, type ServiceUnderTest } from '@underpin/platform/service/service-under-test.fixtures';
import { eventually } from '@underpin/testing/eventually';
import { figure, figureIdOf, figureWithOutage, OCTOBER, TARGET, told } from './attainments/figures.fixtures';
import { SLA } from './agreements/proposals.fixtures';
import { serviceLevel } from './service-level.service';

jest.setTimeout(60_000);

describe('Service Level, as its callers and the bus see it', () => {
  let service: ServiceUnderTest;
  const put = (path: string, body: unknown, headers?: Record<string, string>) =>
    service.call<any>('PUT', path, body, headers);
  const get = async (path: string) => (await service.call<any>('GET', path)).body;

  beforeAll(async () => {
    service = await serviceUnderTest(serviceLevel);
    await put('/services/payroll', { name: 'Payroll', liveSince: '2022-01-01T00:00:00+01:00' });
    await put('/parties/acme', { kind: 'customer', name: 'Acme' });
  });
  afterAll(() => service.stop());

  const hear = (figure: FigureV1) =>
    service.tell(figures.topic, {
      id: randomUUID(),
      type: 'underpin.availability.figure-revised.v1',
      source: '/underpin/availability',
      subject: figure.id,
      time: OCTOBER.from,
      subjectversion: BigInt(figure.version),
      data: figure,
    });

  it('goes the way from a draft to what is told to the others', async () => {
    expect((await put('/agreements/walk', SLA)).status).toBe(201);
    expect((await put('/agreements/walk', { ...SLA, grace: 'P3D' })).body).toMatchObject({
      status: 'draft',
      grace: 'P3D',
      version: 2,
    });
    expect((await put('/agreements/walk', SLA)).status).toBe(200);
    const agreed = await service.call<any>('POST', '/agreements/walk/agree');
    expect(agreed).toMatchObject({
      status: 200,
      body: { id: 'walk', status: 'in-force', service: 'payroll', recipient: 'acme', target: { availability: '99.9' } },
    });
    expect((await service.call<any>('POST', '/agreements/walk/agree')).body.version).toBe(agreed.body.version);
    expect((await put('/agreements/walk', SLA)).status).toBe(200);
    expect(await put('/agreements/walk', { ...SLA, grace: 'P3D' })).toMatchObject({
      status: 409,
      body: { code: 'agreement.already-agreed' },
    });
    await eventually(async () => {
      const events = (await service.told(agreements.topic)).filter((event) => event.key === 'walk');
      expect(events.map((event) => event.type)).toEqual([
        'underpin.service-level.agreement-agreed.v1',
        'underpin.service-level.agreement-in-force.v1',
      ]);
    });
    expect(await get('/agreements?service=payroll&party=acme&status=in-force')).toMatchObject({
      agreements: expect.arrayContaining([expect.objectContaining({ id: 'walk' })]),
    });
  });

  it('judges a figure that comes by the bus, and explains the verdict in integers', async () => {
    await put('/agreements/judged', SLA);
    const { body } = await service.call<any>('POST', '/agreements/judged/agree');
    const down = OCTOBER.from + 3_600_000;
    const id = figureIdOf(body.measureId, OCTOBER.from, OCTOBER.to);
    const closed = told(
      figureWithOutage(down, down + 30_000_000, { id, measureId: body.measureId, revision: 2, status: 'closed' }),
      2,
    );
    await hear(closed);
    await hear(closed);
    const [attainment] = await eventually(async () => {
      const { attainments: found } = await get(
        '/attainments?agreement=judged&from=2026-10-01T00:00:00Z&to=2026-10-31T23:00:00Z',
      );
      expect(found).toHaveLength(1);
      return found;
    });
    expect(attainment).toMatchObject({
      id: 'judged/2026-09-30T22:00:00.000Z',
      status: 'closed',
      state: 'missed',
      required: '99.9',
      agreedMs: 2_682_000_000,
      downBpMs: '300000000000',
      downMs: 30_000_000,
      budgetMs: 2_682_000,
      achieved: { percent: '98.8814', num: '26520000000000', den: '26820000000000' },
      tier: { below: '99.0', percent: '25' },
      creditPercent: '20',
      missedAt: new Date(down + 2_682_001).toISOString(),
      figure: { id, revision: 2 },
    });
    const one = await get(`/attainments/judged/${attainment.from}`);
    expect(one.revisions).toMatchObject([
      { revision: 1, because: ['closed', 'missed', 'tier-reached', 'opened'], state: 'missed' },
    ]);
    const explained = await get(`/attainments/judged/${attainment.from}/explain`);
    const check = explained.targets[0].target;
    expect(check).toMatchObject({ left: '300000000000000', right: '26820000000000', over: true, num: 1, den: 1000 });
    expect([BigInt(check.left), BigInt(check.right)]).toEqual([
      BigInt(explained.measured.downBpMs) * BigInt(check.den),
      BigInt(explained.measured.agreedMs) * 10_000n * BigInt(check.num),
    ]);
    expect(explained.tiers.map((tier: any) => [tier.below, tier.percent, tier.over])).toEqual([
      ['99.9', '10', true],
      ['99.0', '25', true],
    ]);
    expect(explained.sources.explainFigure).toBe(`/availability/figures/${id}/explain`);
    await eventually(async () =>
      expect((await service.told(attainments.topic)).map((event) => event.type)).toContain(
        'underpin.service-level.attainment-closed.v1',
      ),
    );
  });

  it('declares a miss at its instant, with no further input, and also after a restart', async () => {
    await put('/agreements/awaited', SLA);
    const { body } = await service.call<any>('POST', '/agreements/awaited/agree');
    const [measureId, missedAt] = [body.measureId, Date.now() + 3_000];
    const month = periodAt('month', 'Europe/Berlin', missedAt);
    const id = figureIdOf(measureId, month.from, month.to);
    const crossings = new Map([[TARGET, missedAt]]);
    await hear(told(figure({ id, measureId, period: month, from: month.from, to: month.to, crossings }), 1));
    const state = async () => (await get(`/attainments/awaited/${iso(month.from)}`)).state;
    await eventually(async () => expect(await state()).toBe('measuring'));
    await service.restart();
    const expected = Math.max(missedAt, Date.now());
    await eventually(async () => expect(await state()).toBe('missed'));
    const attainment = await get(`/attainments/awaited/${iso(month.from)}`);
    expect(attainment.missedAt).toBe(iso(missedAt));
    expect(Date.parse(attainment.declaredAt)).toBeGreaterThanOrEqual(missedAt);
    expect(Date.parse(attainment.declaredAt)).toBeLessThan(expected + 2_000);
  });

  it('goes through a list page by page', async () => {
    for (const slug of ['a', 'b', 'c']) await put(`/services/page-${slug}`, { name: slug });
    const first = await get('/services?limit=2&after=page-');
    expect([first.services.map((each: any) => each.id), first.next]).toEqual([['page-a', 'page-b'], 'page-b']);
    expect((await get(`/attainments?limit=1`)).attainments).toHaveLength(1);
    expect((await service.call<any>('GET', '/attainments?after=nonsense')).status).toBe(422);
  });

  it('asks for the scope of each route', async () => {
    expect((await put('/agreements/scoped', SLA, service.keyFor('service-level:read'))).status).toBe(403);
    expect((await put('/agreements/scoped', SLA, service.keyFor('service-level:write'))).status).toBe(201);
    expect(
      (await service.call('POST', '/agreements/scoped/agree', undefined, service.keyFor('service-level:write'))).status,
    ).toBe(403);
    expect(
      (await service.call('POST', '/agreements/scoped/agree', undefined, service.keyFor('service-level:approve')))
        .status,
    ).toBe(200);
    expect((await service.call('GET', '/attainments', undefined, service.keyFor('service-level:write'))).status).toBe(
      403,
    );
    expect((await service.call('GET', '/services', undefined, { authorization: '' })).status).toBe(401);
  });

  it('describes every route, and validates every body that it describes', async () => {
    const document = await get('/openapi.json');
    const bodies = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
      Object.entries<any>(methods)
        .filter(([, operation]) => operation.requestBody !== undefined)
        .map(([method]) => [method, path]),
    );
    const own = bodies.filter(([, path]) => !path?.startsWith('/admin/'));
    expect(own.map(([, path]) => path).sort()).toEqual([
      '/agreements/{reference}',
      '/parties/{slug}',
      '/services/{slug}',
    ]);
    for (const [method, path] of bodies as [string, string][]) {
      const answer = await service.call<any>(method.toUpperCase(), path.replace(/\{\w+\}/, 'x'), { nonsense: true });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });
});
