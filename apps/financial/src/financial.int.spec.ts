import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '@underpin/contracts/envelope';
import { attainments, type AttainmentV1 } from '@underpin/contracts/service-level/attainment.v1';
import { obligations } from '@underpin/contracts/financial/obligation.v1';
import { invoices } from '@underpin/contracts/financial/invoice.v1';
import { prices } from '@underpin/contracts/financial/price.v1';
import { parsePayload } from '@underpin/contracts/subject';
import { serviceUnderTest, type ServiceUnderTest } from '@underpin/platform/service/service-under-test.fixtures';
import { eventually } from '@underpin/testing/eventually';
import { closedAt, sampleAttainment } from './books.fixtures';
import { financial } from './financial.service';

jest.setTimeout(60_000);

const sample = (name: string): Envelope => {
  const event = JSON.parse(readFileSync(join(__dirname, `../../../libs/contracts/src/${name}.v1.sample.json`), 'utf8'));
  return { ...event, id: randomUUID(), time: Date.parse(event.time), subjectversion: BigInt(event.subjectversion) };
};

const PRICE = {
  currency: 'EUR',
  zone: 'Europe/Berlin',
  rates: [{ from: '2026-01-01', amount: '10000.00', per: 'month' }],
};
const OCTOBER = 'sla-acme-payroll/2026-09-30T22:00:00.000Z';

describe('Financial, as its callers and the bus see it', () => {
  let service: ServiceUnderTest;
  beforeAll(async () => {
    service = await serviceUnderTest(financial);
  });
  afterAll(() => service.stop());

  const tell = (data: AttainmentV1, reason: (typeof attainments.reasons)[number]) =>
    service.tell(attainments.topic, {
      id: randomUUID(),
      type: `underpin.service-level.${reason}.v1`,
      source: '/underpin/service-level',
      subject: data.id,
      time: Date.parse(data.recordedAt),
      correlationid: 'req-7f1c',
      subjectversion: BigInt(data.version),
      data,
    });
  const get = async (path: string) => (await service.call<any>('GET', path)).body;

  it('publishes a price list with 201, the same again with 200, and tells it once', async () => {
    expect((await service.call('PUT', '/prices/payroll/acme', PRICE)).status).toBe(201);
    expect((await service.call('PUT', '/prices/payroll/acme', PRICE)).status).toBe(200);
    expect(await get('/prices/payroll/acme')).toMatchObject({
      currency: 'EUR',
      rates: [{ from: '2026-01-01', to: null, amount: '10000.00', per: 'month' }],
      version: 1,
    });
    expect((await get('/prices?party=acme')).prices).toHaveLength(1);
    await eventually(async () => {
      const told = await service.told(prices.topic);
      expect(told.map(({ key }) => key)).toEqual(['payroll/acme']);
      parsePayload(prices, told[0]?.data);
    });
  });

  it('turns a missed target into a credit on an invoice, each step told by its contract', async () => {
    for (const name of ['service', 'party', 'agreement'])
      await service.tell(
        `underpin.service-level.${name === 'party' ? 'parties' : `${name}s`}`,
        sample(`service-level/${name}`),
      );
    await tell(sampleAttainment('10', { version: 2, revision: 2 }), 'attainment-missed');
    await eventually(async () =>
      expect(
        await get(`/obligations/${encodeURIComponent('sla-acme-payroll')}/2026-09-30T22:00:00.000Z`),
      ).toMatchObject({ status: 'accrued', amount: '1000.00' }),
    );
    await tell(sampleAttainment('10', { version: 3, ...closedAt('2026-11-07T23:00:00.000Z', 3) }), 'attainment-closed');
    await eventually(async () =>
      expect((await get('/obligations?agreement=sla-acme-payroll')).obligations).toMatchObject([
        { id: OCTOBER, status: 'settled', tierPercent: '10', waitingFor: [] },
      ]),
    );

    const body = { customer: 'acme', from: '2026-11-01', to: '2026-12-01' };
    const first = await service.call<any>('POST', '/invoices', body);
    expect([first.status, first.body.total, first.body.number]).toEqual([201, '9000.00', 'INV-000001']);
    expect(await service.call('POST', '/invoices', body)).toMatchObject({ status: 200, body: { id: first.body.id } });
    expect(await service.call('POST', '/invoices', { ...body, to: '2026-12-02' })).toMatchObject({
      status: 409,
      body: { code: 'invoice.already-charged', details: { number: 'INV-000001' } },
    });
    expect((await get('/invoices')).invoices).toHaveLength(1);
    expect((await get('/credit-notes')).creditNotes).toMatchObject([{ number: 'CN-000001', appliedBy: 'INV-000001' }]);

    expect(await get('/ledger/trial-balance')).toMatchObject({
      balanced: true,
      sums: [{ currency: 'EUR', balance: '0.00' }],
    });
    const { journals } = await get(`/ledger/journals?cites=attainment/${OCTOBER}`);
    expect(journals.map(({ kind, cites }: any) => [kind, cites])).toEqual([
      ['accrual', `attainment/${OCTOBER}/revision/2`],
      ['settlement', `attainment/${OCTOBER}/revision/3`],
    ]);
    expect((await get('/accounting-periods')).accountingPeriods).toMatchObject([{ status: 'open', zone: 'UTC' }]);
    expect(await get(`/obligations/${OCTOBER}/explain`)).toMatchObject({
      amount: { rounded: '1000.00' },
      links: { attainment: `/service-level/attainments/${OCTOBER}/explain` },
    });

    await eventually(async () => {
      const owed = await service.told(obligations.topic);
      expect(owed.map(({ type }) => type)).toEqual([
        'underpin.financial.penalty-accrued.v1',
        'underpin.financial.penalty-settled.v1',
      ]);
      owed.forEach(({ data }) => parsePayload(obligations, data));
      const documents = await service.told(invoices.topic);
      expect(documents.map(({ type }) => type).sort()).toEqual([
        'underpin.financial.credit-note-issued.v1',
        'underpin.financial.invoice-issued.v1',
      ]);
      documents.forEach(({ data }) => parsePayload(invoices, data));
    });
  });

  it('keeps the currency of a price that has been booked', async () => {
    expect(await service.call('PUT', '/prices/payroll/acme', { ...PRICE, currency: 'CHF' })).toMatchObject({
      status: 409,
      body: { code: 'price.currency-booked' },
    });
  });

  it('lists page by page', async () => {
    for (const slug of ['a', 'b', 'c']) await service.call('PUT', `/prices/${slug}/pager`, PRICE);
    const first = await get('/prices?party=pager&limit=2');
    expect(first.prices.map((p: any) => p.service)).toEqual(['a', 'b']);
    expect(await get(`/prices?party=pager&limit=2&after=${encodeURIComponent(first.next)}`)).toMatchObject({
      prices: [{ service: 'c' }],
      next: null,
    });
  });

  it('sets an attainment aside that names itself wrongly, and goes on', async () => {
    await tell(
      { ...sampleAttainment('10', { version: 1 }), id: 'sla-acme-payroll/2026-10-01T00:00:00.000Z' },
      'attainment-missed',
    );
    await eventually(async () =>
      expect(await service.db.query('select reason from dead_letter')).toEqual([{ reason: 'attainment.misnamed' }]),
    );
  });

  describe('refuses with a clear 4xx', () => {
    const rate = PRICE.rates[0];
    it.each<[string, string, string, unknown, number, RegExp]>([
      ['a body that is not JSON', 'PUT', '/prices/payroll/bad', '{"currency":', 400, /JSON/i],
      ['a list', 'PUT', '/prices/payroll/bad', [], 400, /./],
      ['a slug that is none', 'PUT', '/prices/Pay%20roll/bad', PRICE, 400, /slug/],
      ['no rates', 'PUT', '/prices/payroll/bad', { ...PRICE, rates: [] }, 400, /rates/],
      ['rates that are null', 'PUT', '/prices/payroll/bad', { ...PRICE, rates: [null] }, 400, /rates/],
      [
        'an amount as a number',
        'PUT',
        '/prices/payroll/bad',
        { ...PRICE, rates: [{ ...rate, amount: 10_000 }] },
        400,
        /amount/,
      ],
      ['"1e309"', 'PUT', '/prices/payroll/bad', { ...PRICE, rates: [{ ...rate, amount: '1e309' }] }, 400, /amount/],
      [
        'a tenth of a cent',
        'PUT',
        '/prices/payroll/bad',
        { ...PRICE, rates: [{ ...rate, amount: '1.001' }] },
        422,
        /more precise/,
      ],
      [
        '30 February',
        'PUT',
        '/prices/payroll/bad',
        { ...PRICE, rates: [{ ...rate, from: '2026-02-30' }] },
        422,
        /not a date/,
      ],
      [
        'the year 9999',
        'PUT',
        '/prices/payroll/bad',
        { ...PRICE, rates: [{ ...rate, from: '9999-01-01' }] },
        422,
        /outside/,
      ],
      ['a field that is not known', 'PUT', '/prices/payroll/bad', { ...PRICE, discount: '5' }, 400, /discount/],
      ['a zone that is none', 'PUT', '/prices/payroll/bad', { ...PRICE, zone: 'Mars/Base' }, 422, /time zone/],
      [
        'days that are none',
        'POST',
        '/invoices',
        { customer: 'acme', from: '2026-13-01', to: '2026-14-01' },
        422,
        /not a date/,
      ],
      ['no customer', 'POST', '/invoices', { from: '2026-11-01', to: '2026-12-01' }, 400, /customer/],
      [
        'a customer that is an object',
        'POST',
        '/invoices',
        { customer: {}, from: '2026-11-01', to: '2026-12-01' },
        400,
        /customer/,
      ],
      ['an id that is none', 'GET', '/invoices/1', undefined, 400, /UUID/],
      ['an instant that is none', 'GET', '/obligations/a/2026-99-99T00:00:00Z', undefined, 422, /point in time/],
      ['a limit of nothing', 'GET', '/ledger/journals?limit=0', undefined, 400, /limit/],
      ['a status that is none', 'GET', '/obligations?status=paid', undefined, 400, /status/],
      [
        'an obligation that nobody has heard of',
        'GET',
        '/obligations/a/2026-01-01T00:00:00Z',
        undefined,
        404,
        /heard of/,
      ],
      ['a price that nobody has published', 'GET', '/prices/payroll/nobody', undefined, 404, /PUT/],
    ])('%s', async (_what, method, path, body, status, message) => {
      const answer = await service.call<any>(method, path, body);
      expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(message)]);
    });

    it('who may only read', async () => {
      expect((await service.call('PUT', '/prices/payroll/acme', PRICE, service.keyFor('financial:read'))).status).toBe(
        403,
      );
      expect((await service.call('POST', '/invoices', {}, service.keyFor('financial:read'))).status).toBe(403);
      expect((await service.call('GET', '/invoices', undefined, service.keyFor('financial:read'))).status).toBe(200);
    });
  });
});
