import { Injectable } from '@nestjs/common';
import { moneyOf, textOf } from '@underpin/kernel/money/money';
import { iso } from '@underpin/kernel/time/instant';
import { Database } from '@underpin/platform/persistence/database';
import { int, intOrNull, type Row } from '@underpin/platform/persistence/row';
import { DEFAULT_LIMIT, idCursor, pageOf, type PageQueryDto } from '@underpin/platform/http/paging';
import type {
  AccountingPeriodsDto,
  EntryDto,
  JournalDto,
  JournalsDto,
  JournalsQueryDto,
  TrialBalanceDto,
} from './ledger.dto';

const READ = `select j.*,
    (select jsonb_agg(jsonb_build_object('account', e.account, 'party', e.party, 'amount', e.amount::text, 'currency', e.currency) order by e.line)
     from entry e where e.journal = j.id) as entries
  from journal j`;

/** What the books say. */
@Injectable()
export class LedgerReading {
  constructor(private readonly database: Database) {}

  async journals({ cites, agreement, party, limit = DEFAULT_LIMIT, after }: JournalsQueryDto): Promise<JournalsDto> {
    const rows = await this.database.query(
      `${READ}
       where ($1::text is null or j.cites = $1 or j.cites ^@ ($1 || '/'))
         and ($2::text is null or j.agreement = $2)
         and ($3::text is null or exists (select 1 from entry e where e.journal = j.id and e.party = $3))
         and ($4::uuid is null or j.id > $4)
       order by j.id limit $5`,
      [cites ?? null, agreement ?? null, party ?? null, idCursor(after), limit + 1],
    );
    const { entries: journals, next } = pageOf(rows.map(journalDto), limit, (journal) => journal.id);
    return { journals, next };
  }

  /** All that was posted for an obligation, the oldest first. */
  async journalsOfObligation(obligation: string): Promise<JournalDto[]> {
    return (await this.database.query(`${READ} where j.obligation = $1 order by j.id`, [obligation])).map(journalDto);
  }

  async trialBalance(): Promise<TrialBalanceDto> {
    const rows = await this.database.query<Record<'account' | 'currency' | 'debit' | 'credit' | 'balance', string>>(
      `select account, currency, coalesce(sum(amount) filter (where amount > 0), 0) as debit,
              coalesce(-sum(amount) filter (where amount < 0), 0) as credit, sum(amount) as balance
       from entry group by account, currency order by account, currency`,
    );
    const sums = new Map<string, bigint>();
    for (const { currency, balance } of rows)
      sums.set(currency, (sums.get(currency) ?? 0n) + moneyOf(balance, currency).minor);
    return {
      accounts: rows.map(({ account, currency, debit, credit, balance }) => ({
        account,
        currency,
        debit: amountText(debit, currency),
        credit: amountText(credit, currency),
        balance: amountText(balance, currency),
      })),
      sums: [...sums].map(([currency, minor]) => ({ currency, balance: textOf({ minor, currency }) })),
      balanced: [...sums.values()].every((minor) => minor === 0n),
    };
  }

  async accountingPeriods({ limit = DEFAULT_LIMIT, after }: PageQueryDto): Promise<AccountingPeriodsDto> {
    const rows = await this.database.query(
      'select * from accounting_period where ($1::text is null or month < $1) order by month desc limit $2',
      [after ?? null, limit + 1],
    );
    const periods = rows.map((row) => {
      const closedAt = intOrNull(row['closed_at']);
      return {
        month: row['month'] as string,
        zone: row['zone'] as string,
        status: row['status'] as string,
        openedAt: iso(int(row['opened_at'])),
        closedAt: closedAt === null ? null : iso(closedAt),
      };
    });
    const { entries: accountingPeriods, next } = pageOf(periods, limit, (period) => period.month);
    return { accountingPeriods, next };
  }
}

/** A journal in the words of the API. */
const journalDto = (row: Row): JournalDto => ({
  id: row['id'] as string,
  accountingPeriod: row['accounting_period'] as string,
  at: iso(int(row['at'])),
  kind: row['kind'] as string,
  cites: row['cites'] as string,
  obligation: row['obligation'] as string | null,
  agreement: row['agreement'] as string | null,
  document: row['document'] as string | null,
  entries: (row['entries'] as EntryDto[]).map((entry) => ({
    ...entry,
    amount: amountText(entry.amount, entry.currency),
  })),
});

/** The database keeps four places for every currency; people see those that the currency has. */
const amountText = (numeric: string, currency: string): string => textOf(moneyOf(numeric, currency));
