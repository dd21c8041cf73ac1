import { Books, closedAt, monthlyPrice, sampleAgreement, sampleAttainment } from '../books.fixtures';

describe('invoices', () => {
  let books: Books;
  beforeEach(async () => {
    books = await Books.open();
    books.itIs('2026-12-01T08:00:00Z');
    await books.publish(monthlyPrice('10000.00'));
  });
  afterEach(async () => {
    expect(await books.ledger.trialBalance()).toMatchObject({ balanced: true });
    await books.close();
  });

  /** A settled credit of 10 % for the month that begins at `from`. */
  const settledCredit = async (from: string, to: string, agreement = 'sla-acme-payroll') => {
    await books.hear(sampleAgreement({ id: agreement }));
    await books.hear(sampleAttainment('10', { ...closedAt('2026-11-30T23:00:00.000Z', 2), agreement, from, to }));
    await books.reckoned();
  };
  const linesOf = ({ invoice }: Awaited<ReturnType<Books['invoice']>>) =>
    invoice.lines.map(({ kind, service, amount }) => `${kind} ${service} ${amount}`);

  it('give the same invoice to the very same request, also when ten ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => books.invoice('2026-11-01', '2026-12-01')));
    expect(new Set(answers.map(({ invoice }) => invoice.number))).toEqual(new Set(['INV-000001']));
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect((await books.ledger.journals({})).journals).toHaveLength(1);
  });

  it('charge no day of a service twice, and name the invoice that has', async () => {
    await books.invoice('2026-11-01', '2026-12-01');
    await expect(books.invoice('2026-11-30', '2027-01-01')).rejects.toMatchObject({
      kind: 'conflict',
      code: 'invoice.already-charged',
      details: { number: 'INV-000001', service: 'payroll', from: '2026-11-01', to: '2026-12-01' },
    });
    expect(linesOf(await books.invoice('2026-12-01', '2027-01-01'))).toEqual(['fee payroll 1000000']);
  });

  it('that are asked for at once for days that overlap are one invoice and refusals, numbered without gaps', async () => {
    const answers = await Promise.allSettled(
      ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'].map((from) => books.invoice(from, '2026-12-01')),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect((await books.invoice('2026-12-01', '2027-01-01')).invoice.number).toBe('INV-000002');
  });

  it('take each outstanding credit note into account once', async () => {
    await settledCredit('2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z');
    await settledCredit('2026-10-31T23:00:00.000Z', '2026-11-30T23:00:00.000Z');
    expect(linesOf(await books.invoice('2026-11-01', '2026-12-01'))).toEqual([
      'fee payroll 1000000',
      'service-credit payroll -100000',
      'service-credit payroll -100000',
    ]);
    expect(linesOf(await books.invoice('2026-12-01', '2027-01-01'))).toEqual(['fee payroll 1000000']);
    expect(
      (await books.documents.creditNotes({ customer: 'acme' })).creditNotes.map(({ number, appliedBy }) => [
        number,
        appliedBy,
      ]),
    ).toEqual([
      ['CN-000002', 'INV-000001'],
      ['CN-000001', 'INV-000001'],
    ]);
  });

  it("may be in the customer's favour", async () => {
    await settledCredit('2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z');
    expect((await books.invoice('2026-11-01', '2026-11-02')).invoice.total).toBe(33_333n - 100_000n);
  });

  it('are of all services that have a price, or of one with its credits alone', async () => {
    await books.publish(monthlyPrice('500.00'), 'mail');
    await settledCredit('2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z');
    expect(linesOf(await books.invoice('2026-11-01', '2026-12-01', { service: 'mail' }))).toEqual(['fee mail 50000']);
    expect(linesOf(await books.invoice('2026-12-01', '2027-01-01'))).toEqual([
      'fee mail 50000',
      'fee payroll 1000000',
      'service-credit payroll -100000',
    ]);
  });

  it('book nothing where nothing is to be paid', async () => {
    await books.publish(monthlyPrice('0.00'), 'mail', 'globex');
    expect((await books.invoice('2026-11-01', '2026-12-01', { customer: 'globex' })).invoice).toMatchObject({
      total: 0n,
      journal: null,
    });
    expect((await books.ledger.journals({})).journals).toEqual([]);
  });

  it.each<[string, Parameters<Books['invoice']>, string]>([
    ['days without any price', ['2025-01-01', '2025-02-01'], 'invoice.nothing-priced'],
    ['a customer without any price', ['2026-11-01', '2026-12-01', { customer: 'nobody' }], 'invoice.nothing-priced'],
    ['no days', ['2026-11-01', '2026-11-01'], 'invoice.no-days'],
  ])('refuse %s', async (_what, [from, to, whom], code) => {
    await expect(books.invoice(from, to, whom)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  it('refuse two currencies on one invoice', async () => {
    await books.publish(monthlyPrice('500.00', { currency: 'CHF' }), 'mail');
    await expect(books.invoice('2026-11-01', '2026-12-01')).rejects.toMatchObject({
      code: 'invoice.currencies-differ',
    });
    expect((await books.invoice('2026-11-01', '2026-12-01', { service: 'mail' })).invoice).toMatchObject({
      currency: 'CHF',
      total: 50_000n,
    });
  });

  it('fix the currency of a price', async () => {
    await books.publish(monthlyPrice('9.00', { currency: 'CHF' }));
    await books.publish(monthlyPrice('10000.00'));
    await books.invoice('2026-11-01', '2026-12-01');
    await expect(books.publish(monthlyPrice('9.00', { currency: 'CHF' }))).rejects.toMatchObject({
      code: 'price.currency-booked',
    });
  });
});
