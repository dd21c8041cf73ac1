import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { textOf, type Money } from '@underpin/kernel/money/money';
import type { LocalDate } from '@underpin/kernel/time/civil';
import type { Instant } from '@underpin/kernel/time/instant';
import { move, type Entry, type Journal } from '../ledger/journal';

/** A line of an invoice or credit note. Amounts in minor units; negative: in the customer's favour. */
export interface DocumentLine {
  readonly kind: 'fee' | 'service-credit';
  readonly service: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly text: string;
  readonly amount: bigint;
  readonly cites: string;
}

/** An invoice or a credit note: it never changes once issued. */
export interface Document {
  readonly id: string;
  /** `INV-000001`, `CN-000001`: without gaps. */
  readonly number: string;
  readonly kind: 'invoice' | 'credit-note';
  readonly customer: string;
  /** The one service that it is about; null: an invoice of all of them. */
  readonly service: string | null;
  readonly issuedAt: Instant;
  readonly currency: string;
  readonly lines: readonly DocumentLine[];
  readonly total: bigint;
  /** The journal that books it; null: there was nothing to book. */
  readonly journal: string | null;
  /** Of an invoice: what was asked for, so that asking again finds it. */
  readonly request: string | null;
}

/** Local days [from, to). */
export interface LocalDays {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Days of a service that an invoice has charged: they are never charged again. */
export interface ChargedDays extends LocalDays {
  readonly service: string;
}

export interface DocumentFact {
  readonly type: 'issued';
  /** What is booked with it. */
  readonly journals: readonly Journal[];
  readonly charges: readonly ChargedDays[];
  /** Ids of the credit notes that it takes into account. */
  readonly applies: readonly string[];
}

/** Documents are made once, in full. */
export const issue = (
  known: Document | null,
  document: Document,
  fact: Omit<DocumentFact, 'type'>,
): Decision<Document, DocumentFact> =>
  known === null ? decided(document, [{ type: 'issued', ...fact }]) : unchanged(known);

export const numberOf = (kind: Document['kind'], count: number): string =>
  `${kind === 'invoice' ? 'INV' : 'CN'}-${String(count).padStart(6, '0')}`;

export const totalOf = (lines: readonly DocumentLine[]): bigint => lines.reduce((sum, line) => sum + line.amount, 0n);

/** A credit note that has been issued and that no invoice has taken into account yet. */
export type OutstandingNote = Pick<Document, 'id' | 'number' | 'lines' | 'total' | 'currency'>;

/** A line for a fee, and the days that it charges. */
export interface FeeLine {
  readonly line: DocumentLine;
  readonly charges: ChargedDays;
}

/** What an invoice is made of. */
export interface InvoiceDraft {
  readonly customer: string;
  readonly service: string | null;
  readonly currency: string;
  readonly fees: readonly FeeLine[];
  readonly notes: readonly OutstandingNote[];
  readonly request: string;
}

/** Where it stands: its number, its place in the books, the identities that it may use. */
export interface InvoicePlace {
  readonly id: string;
  readonly number: string;
  readonly at: Instant;
  readonly accountingPeriod: string;
  readonly journalId: string;
  /** One for each credit note, in their order. */
  readonly creditJournalIds: readonly string[];
}

/**
 * An invoice: the fees, less all outstanding credit notes. Its total may be negative: then it is in the customer's favour.
 * Fees are booked by one journal, each credit note by its own.
 */
export const invoiceOf = (
  draft: InvoiceDraft,
  place: InvoicePlace,
): { document: Document; fact: Omit<DocumentFact, 'type'> } => {
  const feeLines = draft.fees.map(({ line }) => line);
  const fees: Money = { minor: totalOf(feeLines), currency: draft.currency };
  const lines = [...feeLines, ...draft.notes.flatMap(creditLines)];
  const posted = (id: string, kind: Journal['kind'], cites: string, entries: Entry[]): Journal => ({
    id,
    accountingPeriod: place.accountingPeriod,
    at: place.at,
    kind,
    cites,
    obligation: null,
    agreement: null,
    document: place.id,
    entries,
  });
  const journals = [
    ...(fees.minor === 0n
      ? []
      : [
          posted(
            place.journalId,
            'invoice',
            `invoice/${place.number}`,
            move('receivables', 'revenue', draft.customer, fees),
          ),
        ]),
    ...draft.notes.map((note, i) =>
      posted(
        place.creditJournalIds[i] as string,
        'credit-applied',
        `credit-note/${note.number}`,
        move('credits-payable', 'receivables', draft.customer, { minor: -note.total, currency: note.currency }),
      ),
    ),
  ];
  return {
    document: {
      id: place.id,
      number: place.number,
      kind: 'invoice',
      customer: draft.customer,
      service: draft.service,
      issuedAt: place.at,
      currency: draft.currency,
      lines,
      total: totalOf(lines),
      journal: fees.minor === 0n ? null : place.journalId,
      request: draft.request,
    },
    fact: { journals, charges: draft.fees.map(({ charges }) => charges), applies: draft.notes.map(({ id }) => id) },
  };
};

/** On the invoice a credit says from which note it comes. */
const creditLines = ({ number, lines }: OutstandingNote): DocumentLine[] =>
  lines.map((line) => ({ ...line, text: `${line.text} (credit note ${number})` }));

/** What a settled obligation gives back. */
export interface SettledCredit {
  readonly documentId: string;
  readonly journal: string;
  readonly obligation: string;
  readonly attainmentRevision: number;
  readonly customer: string;
  readonly service: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly percent: string;
  readonly fee: Money;
  readonly amount: Money;
}

/** The credit note of a settled obligation. */
export const creditNoteOf = (credit: SettledCredit, number: string, at: Instant): Document => {
  const line: DocumentLine = {
    kind: 'service-credit',
    service: credit.service,
    from: credit.from,
    to: credit.to,
    text: `Service credit: ${credit.percent} % of ${textOf(credit.fee)} ${credit.fee.currency}, attainment revision ${credit.attainmentRevision}`,
    amount: -credit.amount.minor,
    cites: `obligation/${credit.obligation}`,
  };
  return {
    id: credit.documentId,
    number,
    kind: 'credit-note',
    customer: credit.customer,
    service: credit.service,
    issuedAt: at,
    currency: credit.amount.currency,
    lines: [line],
    total: line.amount,
    journal: credit.journal,
    request: null,
  };
};
