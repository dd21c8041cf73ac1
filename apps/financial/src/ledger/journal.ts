import { negate, type Money } from '@underpin/kernel/money/money';
import type { Instant } from '@underpin/kernel/time/instant';

/** The accounts of the chain from a missed target to an invoice. A debit is positive, a credit negative. */
export const ACCOUNTS = [
  /** What customers owe us. */
  'receivables',
  'revenue',
  /** Contra-revenue: what missed targets take away from it. */
  'service-credits',
  /** What we owe for missed targets of periods that are not closed yet. */
  'accrued-credits',
  /** What credit notes have promised and no invoice has taken into account yet. */
  'credits-payable',
] as const;

export type Account = (typeof ACCOUNTS)[number];

/** Why something was posted. */
export const JOURNAL_KINDS = ['accrual', 'reversal', 'settlement', 'invoice', 'credit-applied', 'adjustment'] as const;

export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** One line of a journal: what an account gains (positive) or loses (negative) for a party. */
export interface Entry {
  readonly account: Account;
  readonly party: string;
  readonly amount: Money;
}

/** A posting: its entries sum to 0 in each currency. It never changes; what was wrong is corrected by another one. */
export interface Journal {
  readonly id: string;
  /** Month of the books in which it counts: `2026-11`. */
  readonly accountingPeriod: string;
  readonly at: Instant;
  readonly kind: JournalKind;
  /** What it answers: `attainment/<id>/revision/<n>`, `invoice/INV-000001`, `credit-note/CN-000001`. */
  readonly cites: string;
  /** The obligation that it moves: `<agreement>/<from>`; null: none. */
  readonly obligation: string | null;
  readonly agreement: string | null;
  /** The invoice or credit note that it books. */
  readonly document: string | null;
  readonly entries: readonly Entry[];
}

/** The two entries that move an amount: debit one account, credit the other. */
export const move = (debit: Account, credit: Account, party: string, amount: Money): Entry[] => [
  { account: debit, party, amount },
  { account: credit, party, amount: negate(amount) },
];

export const attainmentRevision = (attainment: string, revision: number): string =>
  `attainment/${attainment}/revision/${revision}`;
