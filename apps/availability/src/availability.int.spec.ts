import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '@underpin/contracts/envelope';
import { serviceUnderTest, type ServiceUnderTest } from '@underpin/platform/service/service-under-test.fixtures';
import { eventually } from '@underpin/testing/eventually';
import { availability } from './availability.service';

jest.setTimeout(60_000);

const sample = (name: string): Envelope & Record<string, unknown> => {
  const event = JSON.parse(readFileSync(join(__dirname, `../../../libs/contracts/src/${name}.v1.sample.json`), 'utf8'));
  return {
    ...event,
    id: randomUUID(),
    time: Date.parse(event.time),
    subjectversion: event.subjectversion === undefined ? undefined : BigInt(event.subjectversion),
  };
};

describe('Availability, as its callers and the bus see it', () => {
  let service: ServiceUnderTest;
  beforeAll(async () => {
    service = await serviceUnderTest(availability);
  });
  afterAll(() => service.stop());

  const put = (externalId: string, body: unknown, headers?: Record<string, string>) =>
    service.call<any>('PUT', `/outages/monitoring/${externalId}`, body, headers);

  it('takes in an outage, publishes it and keeps who told it', async () => {
    const answer = await put(
      'INC-1',
      { sequence: 1, service: 'payroll', occurredAt: '2026-10-13T16:00:00+02:00' },
      { 'x-correlation-id': 'req-1' },
    );
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-correlation-id')).toBe('req-1');
    expect(answer.body).toMatchObject({
      source: 'monitoring',
      state: 'unattributed',
      occurredAt: '2026-10-13T14:00:00.000Z',
      version: 1,
    });
    await eventually(async () => {
      const told = await service.told('underpin.availability.outages');
      expect(told.find((e) => e.key === answer.body.id)).toMatchObject({
        type: 'underpin.availability.outage-reported.v1',
      });
    });
    expect(
      await service.db.query(
        `select who, door, use_case, version_before, version_after, facts, correlation_id from audit where key = 'monitoring/INC-1'`,
      ),
    ).toEqual([
      {
        who: 'everything',
        door: 'rest',
        use_case: 'OutagesController.hear',
        version_before: 0,
        version_after: 1,
        facts: 'reported',
        correlation_id: 'req-1',
      },
    ]);
  });

  it('answers the same telling with 200, and keeps each telling once', async () => {
    const report = { sequence: 1, service: 'payroll', occurredAt: '2026-10-13T14:00:00Z' };
    expect((await put('INC-2', report)).status).toBe(201);
    expect((await put('INC-2', report)).status).toBe(200);
    const { body } = await service.call<any>('GET', '/outages/monitoring/INC-2');
    expect(body.reports).toHaveLength(1);
    expect(body.version).toBe(1);
  });

  it('believes twenty callers at once, each outage once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        put('INC-3', { sequence: n, service: 'payroll', occurredAt: '2026-10-13T14:00:00Z', cause: `word ${n}` }),
      ),
    );
    expect(answers.map((a) => a.status).filter((s) => s === 201)).toHaveLength(1);
    expect(answers.every((a) => a.status < 300)).toBe(true);
    const { body } = await service.call<any>('GET', '/outages/monitoring/INC-3');
    expect([body.cause, body.reports.length]).toEqual(['word 19', 20]);
  });

  it('turns what the catalogue, an agreement and an outage tell into a figure', async () => {
    const now = Date.now();
    const month = new Date(now).toISOString().slice(0, 7);
    await service.tell('underpin.service-level.agreements', sample('service-level/agreement'));
    await service.tell('underpin.service-level.services', sample('service-level/service'));
    await service.tell('underpin.service-level.parties', sample('service-level/party'));
    const began = new Date(now - 3_600_000).toISOString();
    await put('INC-4', {
      sequence: 1,
      service: 'payroll',
      occurredAt: began,
      restoredAt: new Date(now - 1_800_000).toISOString(),
    });
    const figure = await eventually(async () => {
      const { body } = await service.call<any>('GET', `/figures?service=payroll&period=${month}`);
      expect(body.figures).toHaveLength(1);
      expect(body.figures[0].outages).toBeGreaterThan(0);
      return body.figures[0];
    });
    const explained = await service.call<any>('GET', `/figures/${figure.id}/explain`);
    expect(explained.status).toBe(200);
    const sum = explained.body.steps.reduce((total: bigint, step: any) => total + BigInt(step.downBpMs), 0n);
    expect([explained.body.downBpMs, explained.body.figure.downBpMs]).toEqual([sum.toString(), sum.toString()]);
    expect((await service.call<any>('GET', '/measures?service=payroll')).body.measures).toMatchObject([
      {
        watch: ['availability:1/1000:>', 'availability:1/100:>', 'availability:3/4000:>'].sort(),
        agreements: ['sla-acme-payroll'],
      },
    ]);
  });

  it('reads the same words from the bus as at the door', async () => {
    await service.tell('underpin.intake.outages', sample('intake/outage-reported'));
    await eventually(async () =>
      expect((await service.call<any>('GET', '/outages/monitoring/INC-1001')).body).toMatchObject({
        occurredAt: '2026-10-13T14:00:00.000Z',
      }),
    );
  });

  it('answers a batch one by one: what is wrong with one does not hold up the others', async () => {
    const { status, body } = await service.call<any>('POST', '/outages/batch', {
      reports: [
        {
          source: 'monitoring',
          externalId: 'B-1',
          sequence: 1,
          service: 'payroll',
          occurredAt: '2026-10-13T14:00:00Z',
        },
        { source: 'monitoring', externalId: 'B-2', sequence: '1', service: 'payroll' },
        { source: 'monitoring', externalId: 'B-3', sequence: 1, occurredAt: '2999-01-01T00:00:00Z' },
        { source: 'monitoring', externalId: 'B-1', sequence: 2, restoredAt: '2026-10-13T15:00:00Z' },
      ],
    });
    expect(status).toBe(200);
    expect(body.answers.map((a: any) => [a.status, a.problem?.code])).toEqual([
      [201, undefined],
      [400, 'request.malformed'],
      [422, expect.stringMatching(/instant|outage/)],
      [200, undefined],
    ]);
  });

  it('does not call a closing of history of a service that it has not heard of done', async () => {
    const { status, body } = await service.call<any>('POST', '/services/nowhere/periods/close?through=2025-12-31');
    expect([status, body.code]).toEqual([404, 'service.unknown']);
  });

  describe('refuses with a clear 4xx', () => {
    const good = { sequence: 1, service: 'payroll', occurredAt: '2026-10-13T14:00:00Z' };
    it.each<[string, unknown, number, RegExp]>([
      ['a body that is not JSON', '{"sequence":', 400, /JSON/i],
      ['a list', '[]', 400, /./],
      ['no body', '', 400, /./],
      ['a misspelt field', { ...good, occuredAt: '2026-10-13T14:00:00Z' }, 400, /occuredAt/],
      ['a number as text', { ...good, sequence: '1' }, 400, /sequence/],
      ['1e309', '{"sequence":1e309}', 400, /sequence/],
      ['a weight above the whole', { ...good, weight: 10_001 }, 400, /weight/],
      ['half a basis point', { ...good, weight: 0.5 }, 400, /weight/],
      ['an instant without an offset', { ...good, occurredAt: '2026-10-13T14:00:00' }, 422, /offset/],
      ['a day that there is not', { ...good, occurredAt: '2026-02-30T14:00:00Z' }, 400, /occurredAt/],
      ['the year 275760', { ...good, occurredAt: '+275760-09-13T00:00:00Z' }, 400, /occurredAt/],
      ['tomorrow', { ...good, occurredAt: '2999-01-01T00:00:00Z' }, 422, /instant|after now/],
      ['a NUL character', { ...good, cause: 'a\u0000b' }, 400, /NUL/],
      ['half a surrogate pair', '{"sequence":1,"cause":"\\ud800"}', 400, /surrogate/],
      ['nobody’s word for when', { service: 'payroll' }, 422, /toldAt/],
      ['nothing at all', { sequence: 1 }, 422, /says nothing/],
    ])('%s', async (_what, body, status, detail) => {
      const answer = await put('BAD', body);
      expect(answer.body).toMatchObject({
        status,
        detail: expect.stringMatching(detail),
        type: expect.stringMatching(/^https:/),
      });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
    });

    it('ten megabytes', async () =>
      expect((await put('BAD', { ...good, cause: 'x'.repeat(10_000_000) })).status).toBe(413));
    it('another media type', async () =>
      expect((await put('BAD', 'sequence=1', { 'content-type': 'text/xml' })).status).toBe(415));
    it('a source that is no slug', async () =>
      expect((await service.call('PUT', '/outages/Moni%20toring/1', good)).status).toBe(400));
    it('a path with a NUL', async () =>
      expect((await service.call('PUT', '/outages/monitoring/a%00b', good)).status).toBe(400));
    it('a figure that there is not', async () =>
      expect(
        (await service.call('GET', `/figures/${'0'.repeat(64)}/2026-01-01T00:00:00Z/2026-02-01T00:00:00Z`)).status,
      ).toBe(404));
    it('a figure between two words', async () =>
      expect((await service.call('GET', `/figures/${'0'.repeat(64)}/yesterday/today`)).status).toBe(422));
    it('no key', async () =>
      expect((await service.call('GET', '/outages', undefined, { authorization: '' })).status).toBe(401));
    it('an unknown key', async () =>
      expect((await service.call('GET', '/outages', undefined, { authorization: 'Bearer upk_x' })).status).toBe(401));
    it('a key that may only read', async () =>
      expect((await put('BAD', good, service.keyFor('availability:read'))).status).toBe(403));
    it('an unknown route', async () => expect((await service.call('GET', '/nowhere')).status).toBe(404));
  });

  it('says how it is, and what it can do', async () => {
    expect((await service.call('GET', '/health/live')).status).toBe(200);
    await eventually(async () =>
      expect((await service.call('GET', '/health/ready')).body).toMatchObject({ status: 'ready' }),
    );
    expect((await service.call<string>('GET', '/metrics')).body).toMatch(/http_request_seconds_count/);
    expect((await service.call<any>('GET', '/openapi.json')).body.paths).toHaveProperty(
      '/outages/{source}/{externalId}',
    );
    expect((await service.call<string>('GET', '/docs')).status).toBe(200);
  });
});

describe('The configuration', () => {
  it('is checked at the start: everything that is missing or wrong is named at once', async () => {
    const { startService } = await import('@underpin/platform/service/start-service');
    await expect(startService(availability, { UNDERPIN_PORT: '99999', UNDERPIN_LOG_LEVEL: 'loud' })).rejects.toThrow(
      /UNDERPIN_BUS_DATABASE_URL[^]*UNDERPIN_LOG_LEVEL/,
    );
  });
});
