import { textOf } from '@underpin/kernel/money/money';
import type { Instant } from '@underpin/kernel/time/instant';
import type { FactRows } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { BOOKS_ZONE, monthAfter, monthAt, type AccountingPeriod } from './accounting-period';
import type { Journal } from './journal';

/** Journals and their entries, to be written in the statement that writes the subject which they are about. */
export const journalRows = (journals: readonly Journal[]): FactRows[] => [
  { table: 'journal', rows: journals.map(rowOf) },
  {
    table: 'entry',
    rows: journals.flatMap(({ id, entries }) =>
      entries.map(({ account, party, amount }, index) => ({
        journal: id,
        line: index + 1,
        account,
        party,
        amount: textOf(amount),
        currency: amount.currency,
      })),
    ),
  },
];

const rowOf = ({ id, accountingPeriod, at, kind, cites, obligation, agreement, document }: Journal) => ({
  id,
  accounting_period: accountingPeriod,
  at,
  kind,
  cites,
  obligation,
  agreement,
  document,
});

/** Months that are looked through for one that is open: books that are closed further ahead are a mistake. */
const MONTHS_AHEAD = 24;

/** The month of the books in which to post now: that of the clock, opened if nobody has; if it is closed already, the next that is open. */
export const openMonth = async (tx: Tx): Promise<string> => {
  const now = tx.clock.now();
  let month = monthAt(now);
  for (let ahead = 0; ahead < MONTHS_AHEAD; ahead++, month = monthAfter(month))
    if (((await statusOf(tx, month)) ?? (await opened(tx, month, now))) === 'open') return month;
  throw new Error(`No month of the books is open from ${monthAt(now)} on`);
};

type Status = AccountingPeriod['status'];

/** Held until the end of the transaction: nobody closes a month in which somebody is posting. */
const statusOf = async (tx: Tx, month: string): Promise<Status | undefined> =>
  (await tx.query<{ status: Status }>('select status from accounting_period where month = $1 for share', [month]))[0]
    ?.status;

/** Two may open a month at once, and one of them may have closed it again: what counts is what stands there. */
const opened = async (tx: Tx, month: string, now: Instant): Promise<Status | undefined> => {
  await tx.query(
    `insert into accounting_period (month, zone, status, opened_at) values ($1, $2, 'open', $3) on conflict do nothing`,
    [month, BOOKS_ZONE, now],
  );
  return statusOf(tx, month);
};
