import { moneyOf, textOf } from '@underpin/kernel/money/money';
import type { Rate } from '@underpin/kernel/money/proration';
import type { Instant } from '@underpin/kernel/time/instant';
import { int, intOrNull, type Row } from '@underpin/platform/persistence/row';
import { subjectTable } from '@underpin/platform/persistence/subject-table';
import { journalRows } from '../ledger/ledger.table';
import type { Obligation, ObligationFact, ObligationStatus } from './obligation';
import { obligationPublication } from './obligations.publications';
import type { Basis } from './owed';

export interface ObligationKey {
  readonly agreement: string;
  readonly from: Instant;
}

export const obligationsTable = subjectTable<ObligationKey, Obligation, ObligationFact>({
  table: 'obligation',
  keyColumns: ['agreement', 'from_at'],
  toKey: ({ agreement, from }) => ({ agreement, from_at: from }),
  toRow: (obligation) => ({
    to_at: obligation.to,
    service: obligation.service,
    party: obligation.party,
    direction: obligation.direction,
    status: obligation.status,
    waiting_for: obligation.waitingFor,
    attainment_revision: obligation.attainmentRevision,
    currency: obligation.currency,
    fee: amountText(obligation.fee, obligation.currency),
    credits: obligation.credits,
    percent: obligation.percent,
    cap_used: obligation.capUsed,
    amount: amountText(obligation.amount, obligation.currency),
    posted: amountText(obligation.posted, obligation.currency),
    deadline: obligation.deadline,
    basis: obligation.basis === null ? null : basisJson(obligation.basis),
    document_id: obligation.documentId,
    final: obligation.final,
    announced: obligation.announced,
  }),
  fromRow: (row) => obligationOf(row),
  unheardOf: ({ agreement, from }) => unheardOf(agreement, from),
  also: ({ facts }) =>
    journalRows(facts.flatMap((fact) => ('journal' in fact && fact.journal !== null ? [fact.journal] : []))),
  publication: obligationPublication,
});

/** What is known of an obligation before any attainment was heard. */
export const unheardOf = (agreement: string, from: Instant): Obligation => ({
  agreement,
  from,
  to: from,
  service: '',
  party: '',
  direction: 'credit',
  status: 'none',
  waitingFor: [],
  attainmentRevision: 0,
  currency: null,
  fee: null,
  credits: [],
  percent: '0',
  capUsed: null,
  amount: 0n,
  posted: 0n,
  deadline: null,
  basis: null,
  documentId: null,
  final: false,
  announced: false,
});

export const obligationOf = (row: Row): Obligation => {
  const currency = row['currency'] as string | null;
  return {
    agreement: row['agreement'] as string,
    from: int(row['from_at']),
    to: int(row['to_at']),
    service: row['service'] as string,
    party: row['party'] as string,
    direction: row['direction'] as Obligation['direction'],
    status: row['status'] as ObligationStatus,
    waitingFor: row['waiting_for'] as string[],
    attainmentRevision: int(row['attainment_revision']),
    currency,
    fee: row['fee'] === null ? null : minorOf(row['fee'], currency),
    credits: row['credits'] as Obligation['credits'],
    percent: row['percent'] as string,
    capUsed: row['cap_used'] as string | null,
    amount: minorOf(row['amount'], currency),
    posted: minorOf(row['posted'], currency),
    deadline: intOrNull(row['deadline']),
    basis: row['basis'] === null ? null : basisOf(row['basis'] as BasisJson),
    documentId: row['document_id'] as string | null,
    final: row['final'] as boolean,
    announced: row['announced'] as boolean,
  };
};

/** Without a currency nothing is known to be owed: the amount is 0. */
const amountText = (minor: bigint | null, currency: string | null): string | null =>
  minor === null ? null : currency === null ? '0' : textOf({ minor, currency });

const minorOf = (amount: unknown, currency: string | null): bigint =>
  currency === null ? 0n : moneyOf(amount as string, currency).minor;

interface BasisJson extends Omit<Basis, 'rates'> {
  readonly rates: readonly (Omit<Rate, 'amountMinor'> & { readonly amountMinor: string })[];
}

const basisJson = (basis: Basis): BasisJson => ({
  ...basis,
  rates: basis.rates.map((rate) => ({ ...rate, amountMinor: rate.amountMinor.toString() })),
});

const basisOf = (basis: BasisJson): Basis => ({
  ...basis,
  rates: basis.rates.map((rate) => ({ ...rate, amountMinor: BigInt(rate.amountMinor) })),
});
