import { Books, closedAt, monthlyPrice, sampleAgreement, sampleAttainment } from '../books.fixtures';

const OCTOBER = 'sla-acme-payroll/2026-09-30T22:00:00.000Z';

describe('obligations in the books', () => {
  let books: Books;
  beforeEach(async () => {
    books = await Books.open();
  });
  afterEach(async () => {
    expect(await books.ledger.trialBalance()).toMatchObject({ balanced: true });
    expect(
      await books.db.query(
        `select count(*)::int as n from journal where cites !~ '^(attainment/.+/revision/[0-9]+|invoice/INV-[0-9]{6}|credit-note/CN-[0-9]{6})$'`,
      ),
    ).toEqual([{ n: 0 }]);
    await books.close();
  });

  const hear = async (at: string, ...[credit, change]: Parameters<typeof sampleAttainment>) => {
    books.itIs(at);
    await books.hear(sampleAttainment(credit, { version: change?.revision ?? 1, ...change }));
    await books.reckoned();
  };
  const october = () => books.obligations.find({ agreement: 'sla-acme-payroll', from: '2026-09-30T22:00:00.000Z' });

  it('follow the worked example of October 2026, from the first miss to the invoice of November', async () => {
    await books.hear(sampleAgreement());
    await books.publish(monthlyPrice('10000.00'));
    await hear('2026-10-01T06:00:00Z', null, { revision: 1 });
    await hear('2026-10-13T14:13:12.001Z', '10', { revision: 2 });
    expect(await books.balances(OCTOBER)).toEqual({ 'service-credits': '1000.00', 'accrued-credits': '-1000.00' });
    await hear('2026-10-14T06:12:00.001Z', '25', { revision: 3 });
    expect(await books.balances(OCTOBER)).toEqual({ 'service-credits': '2500.00', 'accrued-credits': '-2500.00' });
    await hear('2026-10-20T10:00:00Z', '10', { revision: 4 });
    expect(await books.balances(OCTOBER)).toEqual({ 'service-credits': '1000.00', 'accrued-credits': '-1000.00' });
    await hear('2026-11-07T23:00:00.214Z', '10', closedAt('2026-11-07T23:00:00.000Z', 5));
    expect(await books.balances(OCTOBER)).toEqual({ 'service-credits': '1000.00', 'credits-payable': '-1000.00' });

    const { journals } = await books.ledger.journals({ agreement: 'sla-acme-payroll' });
    expect(
      journals.map(({ kind, accountingPeriod, cites, entries }) => [
        kind,
        accountingPeriod,
        cites.replace(OCTOBER, '…'),
        ...entries.map((e) => `${e.account} ${e.amount}`),
      ]),
    ).toEqual([
      ['accrual', '2026-10', 'attainment/…/revision/2', 'service-credits 1000.00', 'accrued-credits -1000.00'],
      ['accrual', '2026-10', 'attainment/…/revision/3', 'service-credits 1500.00', 'accrued-credits -1500.00'],
      ['reversal', '2026-10', 'attainment/…/revision/4', 'accrued-credits 1500.00', 'service-credits -1500.00'],
      ['settlement', '2026-11', 'attainment/…/revision/5', 'accrued-credits 1000.00', 'credits-payable -1000.00'],
    ]);
    expect(await october()).toMatchObject({
      status: 'settled',
      fee: '10000.00',
      tierPercent: '10',
      amount: '1000.00',
      posted: '1000.00',
      attainmentRevision: 5,
    });

    books.itIs('2026-12-01T08:00:00Z');
    const { invoice } = await books.invoice('2026-11-01', '2026-12-01');
    expect(await books.documents.find('invoice', invoice.id)).toMatchObject({
      number: 'INV-000001',
      total: '9000.00',
      lines: [
        { kind: 'fee', amount: '10000.00' },
        {
          kind: 'service-credit',
          amount: '-1000.00',
          cites: `obligation/${OCTOBER}`,
          text: expect.stringContaining('CN-000001'),
        },
      ],
    });
    expect((await books.documents.creditNotes({})).creditNotes).toMatchObject([
      { number: 'CN-000001', total: '-1000.00', appliedBy: 'INV-000001', journal: journals[3]?.id },
    ]);
    expect((await books.ledger.trialBalance()).accounts.map(({ account, balance }) => [account, balance])).toEqual([
      ['accrued-credits', '0.00'],
      ['credits-payable', '0.00'],
      ['receivables', '9000.00'],
      ['revenue', '-10000.00'],
      ['service-credits', '1000.00'],
    ]);
  });

  it('are explained down to the days, the tier, the cap and the rounding', async () => {
    await books.hear(sampleAgreement());
    await books.publish(
      monthlyPrice('10000.00', {
        rates: [
          { from: '2026-01-01', to: '2026-10-12', amount: '10000.00', per: 'month' },
          { from: '2026-10-12', amount: '12000.00', per: 'month' },
        ],
      }),
    );
    await hear('2026-10-13T14:13:12.001Z', '80', { revision: 2 });
    expect(
      await books.obligations.explain({ agreement: 'sla-acme-payroll', from: '2026-10-01T00:00:00+02:00' }),
    ).toMatchObject({
      fee: {
        zone: 'Europe/Berlin',
        parts: [
          {
            from: '2026-10-01',
            to: '2026-10-12',
            days: 11,
            amount: '10000.00',
            per: 'month',
            daysOfPeriod: 31,
            exact: { num: '11000000', den: '31' },
          },
          {
            from: '2026-10-12',
            to: '2026-11-01',
            days: 20,
            amount: '12000.00',
            per: 'month',
            daysOfPeriod: 31,
            exact: { num: '24000000', den: '31' },
          },
        ],
        exact: { num: '35000000', den: '31' },
        rounded: '11290.32',
      },
      remedy: { targets: [{ credit: '80' }], combine: 'highest', cap: '50', capUsed: '50', percent: '50' },
      amount: { exact: { num: '17500000', den: '31' }, rounded: '5645.16' },
      journals: [{ kind: 'accrual' }],
      links: { attainment: `/service-level/attainments/${OCTOBER}/explain` },
    });
  });

  it('wait for whatever comes late, and then owe the same', async () => {
    await hear('2026-11-08T00:00:00Z', '10', closedAt('2026-11-07T23:00:00.000Z', 5));
    expect(await october()).toMatchObject({
      status: 'waiting',
      waitingFor: ['agreement sla-acme-payroll', 'price of payroll for acme'],
      amount: '0',
    });
    await books.publish(monthlyPrice('10000.00'));
    await books.reckoned();
    expect(await october()).toMatchObject({
      status: 'waiting',
      waitingFor: ['agreement sla-acme-payroll'],
      fee: '10000.00',
    });
    await books.hear(sampleAgreement());
    await books.reckoned();
    expect(await october()).toMatchObject({ status: 'settled', amount: '1000.00' });
    expect(await books.balances(OCTOBER)).toEqual({ 'service-credits': '1000.00', 'credits-payable': '-1000.00' });
  });

  it('see a price and an attainment that were told at the same moment, whoever commits first', async () => {
    await books.hear(sampleAgreement());
    await books.reckoned();
    let heard = (): void => undefined;
    const priced = new Promise<void>((resolve) => (heard = resolve));
    const slow = books.run(async (tx) => {
      await books.reckoning.ask(tx, 'price', 'payroll/acme');
      await tx.query(
        `insert into price values ('payroll', 'acme', 'EUR', 'UTC', '[{"from":"2026-01-01","to":null,"amount":"10000.00","per":"month"}]', 1, 0, 'price-published', 0)`,
      );
      await priced;
    });
    await hear('2026-10-13T14:13:12.001Z', '10', { revision: 2 });
    expect(await october()).toMatchObject({ status: 'waiting' });
    heard();
    await slow;
    await books.reckoned();
    expect(await october()).toMatchObject({ status: 'accrued', amount: '1000.00' });
  });

  it('move by another price as long as they are open, and not once they are settled', async () => {
    await books.hear(sampleAgreement());
    await books.publish(monthlyPrice('10000.00'));
    await hear('2026-10-13T14:13:12.001Z', '10', { revision: 2 });
    await books.publish(monthlyPrice('20000.00'));
    await books.reckoned();
    expect(await books.balances(OCTOBER)).toEqual({ 'service-credits': '2000.00', 'accrued-credits': '-2000.00' });
    await hear('2026-11-08T00:00:00Z', '10', closedAt('2026-11-07T23:00:00.000Z', 3));
    await books.publish(monthlyPrice('30000.00'));
    await hear('2026-11-09T00:00:00Z', '25', {
      ...closedAt('2026-11-07T23:00:00.000Z', 3),
      version: 4,
      revision: 4,
      restatementPending: true,
    });
    expect(await books.balances(OCTOBER)).toEqual({ 'service-credits': '2000.00', 'credits-payable': '-2000.00' });
    expect(await october()).toMatchObject({
      status: 'settled',
      amount: '2000.00',
      attainmentRevision: 3,
      restatementPending: true,
    });
  });

  it('of a supplier are claims: a memo with a deadline, and no journal', async () => {
    const [term] = sampleAgreement().terms;
    const uc = { kind: 'UC' as const, provider: 'hoster', recipient: null };
    await books.hear(
      sampleAgreement({
        id: 'uc-hoster-payroll',
        ...uc,
        terms: [{ ...term!, remedy: { ...term!.remedy!, claimBy: 'P30D' } }],
      }),
    );
    await books.publish(monthlyPrice('4000.00'), 'payroll', 'hoster');
    await hear('2026-10-13T14:13:12.001Z', '5', { agreement: 'uc-hoster-payroll', ...uc, revision: 2 });
    expect((await books.obligations.list({ party: 'hoster' })).obligations).toMatchObject([
      {
        direction: 'claim',
        status: 'eligible',
        amount: '200.00',
        posted: '0.00',
        deadline: '2026-11-30T23:00:00.000Z',
      },
    ]);
    expect((await books.ledger.journals({})).journals).toEqual([]);
    expect(await books.toldObligations()).toEqual(['underpin.financial.claim-eligible.v1 200.00 eligible']);
  });
});
