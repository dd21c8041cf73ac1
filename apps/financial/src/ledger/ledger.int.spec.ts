import { Client } from 'pg';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { migrate } from '@underpin/platform/persistence/migrate';
import { financial } from '../financial.service';

const ID = '0199e0a4-7c55-7a3e-9d0e-00000000000';

describe('the ledger, to the role that the service runs as', () => {
  let db: FreshDatabase;
  let app: Client;

  beforeAll(async () => {
    db = await freshDatabase({
      migrate: async (ownerUrl, appRole) =>
        void (await migrate({ ownerUrl, appRole, migrations: financial.migrations, appendOnly: financial.appendOnly })),
      template: 'financial',
    });
    app = new Client({ connectionString: db.appUrl });
    await app.connect();
    await app.query(
      `insert into accounting_period values ('2026-09', 'UTC', 'closed', 0, 1), ('2026-10', 'UTC', 'soft-closed', 0, null), ('2026-11', 'UTC', 'open', 0, null)`,
    );
  });
  afterAll(async () => {
    await app.end();
    await db.drop();
  });

  const journal = (n: number, month = '2026-11', kind = 'accrual') =>
    `insert into journal (id, accounting_period, at, kind, cites) values ('${ID}${n}', '${month}', 0, '${kind}', 'attainment/a/revision/1')`;
  const entry = (n: number, line: number, amount: number, currency = 'EUR') =>
    `insert into entry values ('${ID}${n}', ${line}, 'revenue', 'acme', ${amount}, '${currency}')`;
  /** All in one transaction. */
  const post = (...statements: string[]) =>
    app.query(['begin', ...statements, 'commit'].join(';')).catch(async (error: unknown) => {
      await app.query('rollback');
      throw error;
    });

  it('takes a journal whose entries sum to 0', async () => {
    await post(journal(1), entry(1, 1, 1000), entry(1, 2, -600), entry(1, 3, -400));
    expect((await app.query('select count(*)::int as n from entry')).rows).toEqual([{ n: 3 }]);
  });

  it.each([
    ['is out of balance', [journal(2), entry(2, 1, 1000), entry(2, 2, -999.9999)], /out of balance by 0.0001 EUR/],
    [
      'balances over two currencies, but in none of them',
      [journal(2), entry(2, 1, 10, 'EUR'), entry(2, 2, -10, 'USD')],
      /out of balance by -?10.0000/,
    ],
    ['has no entries', [journal(2)], /has no entries/],
    [
      'cites nothing',
      [journal(2).replace('attainment/a/revision/1', ''), entry(2, 1, 1), entry(2, 2, -1)],
      /journal_cites_check/,
    ],
    ['has an entry of 0', [journal(2), entry(2, 1, 0)], /entry_amount_check/],
    ['was posted before', [entry(1, 4, 5), entry(1, 5, -5)], /was posted before/],
    ['lies in a closed month', [journal(2, '2026-09'), entry(2, 1, 1), entry(2, 2, -1)], /2026-09 is closed/],
    ['lies in a soft-closed month', [journal(2, '2026-10'), entry(2, 1, 1), entry(2, 2, -1)], /2026-10 is soft-closed/],
    [
      'lies in a month that nobody has opened',
      [journal(2, '2027-01'), entry(2, 1, 1), entry(2, 2, -1)],
      /2027-01 is unknown/,
    ],
  ])('refuses a journal that %s', async (_what, statements, reason) => {
    await expect(post(...statements)).rejects.toThrow(reason);
  });

  it('takes an adjustment in a soft-closed month', async () => {
    await post(journal(3, '2026-10', 'adjustment'), entry(3, 1, 1), entry(3, 2, -1));
  });

  it.each([
    ['update journal set at = 1'],
    ['delete from journal'],
    ['truncate journal, entry'],
    ['update entry set amount = 1'],
    ['delete from entry'],
    ['delete from credit_application'],
    ['update invoiced_days set customer = $$other$$'],
    ['alter table entry disable trigger all'],
  ])('does not allow: %s', async (statement) => {
    await expect(app.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('does not let an issued document be changed', async () => {
    await app.query(`insert into document (id, number, kind, customer, issued_at, currency, lines, total, version, recorded_at, reason, happened_at)
      values ('${ID}9', 'INV-000009', 'invoice', 'acme', 0, 'EUR', '[]', 1, 1, 0, 'invoice-issued', 0)`);
    await expect(app.query('update document set total = 0')).rejects.toThrow('INV-000009 is issued');
    await expect(app.query('delete from document')).rejects.toThrow('INV-000009 is issued');
  });
});
