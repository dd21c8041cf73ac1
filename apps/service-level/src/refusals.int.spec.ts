import { serviceUnderTest, type ServiceUnderTest } from '@underpin/platform/service/service-under-test.fixtures';
import { SLA } from './agreements/proposals.fixtures';
import { serviceLevel } from './service-level.service';

jest.setTimeout(60_000);

describe('the doors of Service Level', () => {
  let service: ServiceUnderTest;
  const put = (path: string, body: unknown) => service.call<any>('PUT', path, body);

  beforeAll(async () => {
    service = await serviceUnderTest(serviceLevel);
    await put('/services/payroll', { name: 'Payroll', liveSince: '2022-01-01T00:00:00+01:00' });
    await put('/services/idea', { name: 'An idea' });
    await put('/parties/acme', { kind: 'customer', name: 'Acme' });
    await put('/parties/hoster', { kind: 'supplier', name: 'Hoster' });
  });
  afterAll(() => service.stop());

  describe('refuse with a clear 4xx', () => {
    const remedy = (...tiers: unknown[]) => ({ ...SLA, remedy: { tiers } });
    it.each<[string, string, unknown, number, RegExp]>([
      ['a body that is not JSON', '/agreements/bad', '{"kind":', 400, /JSON/i],
      ['a list', '/agreements/bad', '[]', 400, /./],
      ['no body', '/agreements/bad', '', 400, /./],
      ['null', '/agreements/bad', 'null', 400, /./],
      ['a misspelt field', '/agreements/bad', { ...SLA, costumer: 'acme' }, 400, /costumer/],
      [
        'a target as a JSON number',
        '/agreements/bad',
        { ...SLA, target: { availability: 99.9 } },
        400,
        /"99\.9".*quotes/,
      ],
      ['1e309 as a number', '/agreements/bad', JSON.stringify(SLA).replace('"99.9"', '1e309'), 400, /quotes/],
      ['1e309 as text', '/agreements/bad', { ...SLA, target: { availability: '1e309' } }, 422, /1e309.*"99\.9"/],
      ['a target of 0', '/agreements/bad', { ...SLA, target: { availability: '0' } }, 422, /above 0 and up to 100/],
      ['a target of 101', '/agreements/bad', { ...SLA, target: { availability: '101' } }, 422, /above 0 and up to 100/],
      ['a target that is a list', '/agreements/bad', { ...SLA, target: ['99.9'] }, 400, /target/],
      [
        'a gap below the target',
        '/agreements/bad',
        remedy({ below: '99.5', percent: '10' }),
        422,
        /from 99\.5 up to just below 99\.9/,
      ],
      ['a tier above 100', '/agreements/bad', remedy({ below: '101', percent: '10' }), 422, /up to 100/],
      ['a tier that is null', '/agreements/bad', remedy(null), 400, /tiers/],
      ['a remedy that is a number', '/agreements/bad', { ...SLA, remedy: 5 }, 400, /remedy/],
      ['an unknown zone', '/agreements/bad', { ...SLA, zone: 'Europe/Bonn' }, 422, /Europe\/Berlin/],
      [
        'service hours of an office',
        '/agreements/bad',
        { ...SLA, serviceHours: { 1: [{ from: '08:00', to: '18:00' }] } },
        422,
        /only "24x7"/,
      ],
      ['a reporting period of a week', '/agreements/bad', { ...SLA, reportingPeriod: 'week' }, 422, /"month"/],
      [
        'an end before the start',
        '/agreements/bad',
        { ...SLA, effective: { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } },
        422,
        /later end, or none/,
      ],
      [
        'a start without an offset',
        '/agreements/bad',
        { ...SLA, effective: { from: '2026-01-01T00:00:00' } },
        400,
        /offset/,
      ],
      [
        'a day that there is not',
        '/agreements/bad',
        { ...SLA, effective: { from: '2026-02-30T00:00:00Z' } },
        422,
        /2026-02-30/,
      ],
      [
        'the year 1900',
        '/agreements/bad',
        { ...SLA, effective: { from: '1900-01-01T00:00:00Z' } },
        422,
        /effective\.from/,
      ],
      [
        'the year 9999',
        '/agreements/bad',
        { ...SLA, effective: { from: '2026-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' } },
        422,
        /effective\.to/,
      ],
      ['a grace of a million years', '/agreements/bad', { ...SLA, grace: 'P999999Y' }, 422, /./],
      ['an unknown service', '/agreements/bad', { ...SLA, service: 'nowhere' }, 422, /PUT \/services\/nowhere/],
      ['an unknown customer', '/agreements/bad', { ...SLA, customer: 'nobody' }, 422, /PUT \/parties\/nobody/],
      ['a supplier as the customer', '/agreements/bad', { ...SLA, customer: 'hoster' }, 422, /"hoster" is a supplier/],
      ['a UC with a customer', '/agreements/bad', { ...SLA, kind: 'UC', remedy: null }, 422, /"supplier"/],
      ['a reference that is no slug', '/agreements/Bad%20One', SLA, 400, /slug/],
      ['a service without a name', '/services/bad', {}, 400, /name/],
      ['a service with a blank name', '/services/bad', { name: '  ' }, 400, /blank/],
      [
        'a service that is live in the year 275760',
        '/services/bad',
        { name: 'x', liveSince: '+275760-09-13T00:00:00Z' },
        400,
        /liveSince/,
      ],
      [
        'a service that is live as a number',
        '/services/bad',
        { name: 'x', liveSince: 1735689600000 },
        400,
        /liveSince.*text/,
      ],
      ['an unknown criticality', '/services/bad', { name: 'x', criticality: 'vital' }, 400, /criticality/],
      ['half a user', '/services/bad', { name: 'x', users: 0.5 }, 400, /users/],
      ['a NUL character', '/services/bad', { name: 'a\u0000b' }, 400, /NUL/],
      ['a party of no kind', '/parties/bad', { name: 'x' }, 400, /kind/],
      ['a currency that is none', '/parties/bad', { kind: 'customer', name: 'x', currency: 'ABC' }, 422, /ISO 4217/],
      ['a body of two megabytes', '/services/bad', { name: 'x'.repeat(2_000_000) }, 413, /larger/],
    ])('%s', async (_what, path, body, status, message) => {
      const answer = await put(path, body);
      expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(message)]);
    });

    it('for what is not there', async () => {
      for (const path of [
        '/agreements/nowhere',
        '/services/nowhere',
        '/parties/nobody',
        '/attainments/nowhere/2026-01-01T00:00:00Z',
      ])
        expect(await service.call<any>('GET', path)).toMatchObject({
          status: 404,
          body: { code: expect.stringMatching(/\.unknown$/) },
        });
      expect(await service.call<any>('POST', '/agreements/nowhere/agree')).toMatchObject({
        status: 404,
        body: { code: 'agreement.unknown' },
      });
      expect((await service.call<any>('GET', '/attainments?state=lost')).status).toBe(400);
    });

    it('for an agreement on a service that is not live', async () => {
      await put('/agreements/early', { ...SLA, service: 'idea' });
      expect(await service.call<any>('POST', '/agreements/early/agree')).toMatchObject({
        status: 409,
        body: { code: 'service.not-live', detail: expect.stringContaining('PUT /services/idea') },
      });
    });

    it('when since when a service is live is part of a promise', async () => {
      await put('/agreements/frozen', SLA);
      await service.call('POST', '/agreements/frozen/agree');
      expect(await put('/services/payroll', { name: 'Payroll', liveSince: '2023-01-01T00:00:00Z' })).toMatchObject({
        status: 409,
        body: { code: 'service.live-since-frozen' },
      });
      expect((await put('/services/payroll', { name: 'Payroll!', liveSince: '2021-12-31T23:00:00Z' })).status).toBe(
        200,
      );
    });
  });
});
