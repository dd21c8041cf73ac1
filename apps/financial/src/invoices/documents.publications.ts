import { invoices, type InvoiceV1 } from '@underpin/contracts/financial/invoice.v1';
import { textOf } from '@underpin/kernel/money/money';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import type { Document, DocumentFact } from './document';

type Reason = (typeof invoices.reasons)[number];

const reasons = { invoice: 'invoice-issued', 'credit-note': 'credit-note-issued' } as const satisfies Record<
  Document['kind'],
  Reason
>;

const telling = (_facts: readonly DocumentFact[], { kind, issuedAt }: Document): Telling<Reason> => ({
  reason: reasons[kind],
  time: issuedAt,
});

const snapshot = (document: Document, { version, recordedAt }: RowVersion): InvoiceV1 => ({
  id: document.id,
  version,
  recordedAt: iso(recordedAt),
  number: document.number,
  kind: document.kind,
  customer: document.customer,
  issuedAt: iso(document.issuedAt),
  currency: document.currency,
  lines: linesText(document),
  total: textOf({ minor: document.total, currency: document.currency }),
  journal: document.journal,
});

/** The lines in the words of the API and the contract. */
export const linesText = ({ lines, currency }: Pick<Document, 'lines' | 'currency'>): InvoiceV1['lines'][number][] =>
  lines.map(({ kind, service, from, to, text, amount, cites }) => ({
    kind,
    service,
    from: iso(from),
    to: iso(to),
    text,
    amount: textOf({ minor: amount, currency }),
    cites,
  }));

export const documentPublication: Publication<Document, DocumentFact, InvoiceV1, Reason> = {
  subject: invoices,
  telling,
  snapshot,
};
