import { Books, closedAt, monthlyPrice, sampleAgreement, sampleAttainment } from '../books.fixtures';

describe('obligations, as the world hears of them and as the database is asked', () => {
  let books: Books;
  beforeEach(async () => {
    books = await Books.open();
    await books.hear(sampleAgreement());
    await books.publish(monthlyPrice('10000.00'));
    await books.reckoned();
  });
  afterEach(() => books.close());

  const hear = async (...[credit, change]: Parameters<typeof sampleAttainment>) => {
    await books.hear(sampleAttainment(credit, { version: change?.revision ?? 1, ...change }));
    await books.reckoned();
  };

  it('are told by each change of their amount, and not as long as nothing was ever owed', async () => {
    await hear(null, { revision: 1 });
    await hear('10', { revision: 2 });
    await hear(null, { revision: 3 });
    await hear(null, closedAt('2026-11-07T23:00:00.000Z', 4));
    expect(await books.toldObligations()).toEqual([
      'underpin.financial.penalty-accrued.v1 1000.00 accrued',
      'underpin.financial.penalty-revised.v1 0.00 accrued',
      'underpin.financial.penalty-settled.v1 0.00 settled',
    ]);
  });

  it('are reckoned 200 at a time with the same handful of statements as one', async () => {
    const statements = async (count: number): Promise<number> => {
      for (let n = 0; n < count; n++)
        await books.hear(
          sampleAttainment('10', {
            ...closedAt('2026-11-07T23:00:00.000Z', 1),
            version: 1,
            from: new Date(Date.UTC(2026, 0, 1 + n, 22)).toISOString(),
          }),
        );
      let queries = 0;
      await books.run((tx) => {
        const ask = tx.query.bind(tx);
        tx.query = (...args: Parameters<typeof ask>) => (queries++, ask(...args)) as never;
        return books.reckoning.reckonPending(tx);
      });
      return queries;
    };
    const ofOne = await statements(1);
    expect(await statements(200)).toBeLessThanOrEqual(ofOne);
    expect(
      await books.db.query(`select count(distinct number)::int as notes, max(number) as last from document`),
    ).toEqual([{ notes: 200, last: 'CN-000200' }]);
  });
});
