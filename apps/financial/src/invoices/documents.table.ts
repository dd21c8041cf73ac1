import type { InvoiceLineV1 } from '@underpin/contracts/financial/invoice.v1';
import { moneyOf, textOf } from '@underpin/kernel/money/money';
import { instantOf } from '@underpin/kernel/time/instant';
import { int, type Row } from '@underpin/platform/persistence/row';
import { subjectTable } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { journalRows } from '../ledger/ledger.table';
import type { ChargedDays, Document, DocumentFact, DocumentLine, OutstandingNote } from './document';
import { documentPublication, linesText } from './documents.publications';

/** Invoices and credit notes. One without a number was not issued. */
export const documentsTable = subjectTable<string, Document, DocumentFact>({
  table: 'document',
  keyColumns: ['id'],
  toKey: (id) => ({ id }),
  toRow: (document) => ({
    number: document.number,
    kind: document.kind,
    customer: document.customer,
    service: document.service,
    issued_at: document.issuedAt,
    currency: document.currency,
    lines: linesText(document),
    total: textOf({ minor: document.total, currency: document.currency }),
    journal: document.journal,
    request: document.request,
  }),
  fromRow: (row) => documentOf(row),
  unheardOf: (id) => ({ ...UNISSUED, id }),
  also: ({ after, facts, now }) => [
    ...journalRows(facts.flatMap(({ journals }) => journals)),
    {
      table: 'credit_application',
      rows: facts.flatMap(({ applies }) => applies).map((note) => ({ credit_note: note, invoice: after.id, at: now })),
    },
    {
      table: 'invoiced_days',
      rows: facts
        .flatMap(({ charges }) => charges)
        .map(({ service, from, to }) => ({
          invoice: after.id,
          customer: after.customer,
          service,
          days: `[${from},${to})`,
        })),
    },
  ],
  publication: documentPublication,
});

const UNISSUED: Omit<Document, 'id'> = {
  number: '',
  kind: 'invoice',
  customer: '',
  service: null,
  issuedAt: 0,
  currency: '',
  lines: [],
  total: 0n,
  journal: null,
  request: null,
};

export const documentOf = (row: Row): Document => {
  const currency = row['currency'] as string;
  return {
    id: row['id'] as string,
    number: row['number'] as string,
    kind: row['kind'] as Document['kind'],
    customer: row['customer'] as string,
    service: row['service'] as string | null,
    issuedAt: int(row['issued_at']),
    currency,
    lines: (row['lines'] as InvoiceLineV1[]).map((line) => lineOf(line, currency)),
    total: moneyOf(row['total'] as string, currency).minor,
    journal: row['journal'] as string | null,
    request: row['request'] as string | null,
  };
};

const lineOf = ({ kind, service, from, to, text, amount, cites }: InvoiceLineV1, currency: string): DocumentLine => ({
  kind,
  service,
  from: instantOf(from),
  to: instantOf(to),
  text,
  amount: moneyOf(amount, currency).minor,
  cites,
});

/** Takes the next numbers of a kind. Its row is locked until the commit and goes back with a rollback: so there are no gaps. */
export const takeNumbers = async (tx: Tx, kind: Document['kind'], count: number): Promise<number> => {
  const [row] = await tx.query('update document_number set last = last + $2 where kind = $1 returning last', [
    kind,
    count,
  ]);
  return int(row?.['last']) - count + 1;
};

/** Lets one transaction at a time issue invoices: what is found to be outstanding or not charged yet stays so. */
export const issueAlone = (tx: Tx): Promise<unknown> =>
  tx.query(`select 1 from document_number where kind = 'invoice' for update`);

/** The invoice that was issued for exactly this request. */
export const invoiceFor = async (tx: Tx, request: string): Promise<Document | undefined> =>
  (await tx.query('select * from document where request = $1', [request])).map(documentOf)[0];

/** Days among these that an invoice has charged already, the earliest first. */
export const chargedAlready = async (
  tx: Tx,
  customer: string,
  charges: readonly ChargedDays[],
): Promise<(ChargedDays & { number: string })[]> =>
  tx.query(
    `select d.number, i.service, lower(i.days)::text as "from", upper(i.days)::text as "to"
     from unnest($2::text[], $3::text[]) as asked(service, days)
     join invoiced_days i on i.customer = $1 and i.service = asked.service and i.days && asked.days::daterange
     join document d on d.id = i.invoice order by i.days, i.service limit 5`,
    [customer, charges.map(({ service }) => service), charges.map(({ from, to }) => `[${from},${to})`)],
  );

/** Credit notes of a customer that no invoice has taken into account, the oldest first. */
export const outstandingNotes = async (
  tx: Tx,
  customer: string,
  service: string | null,
  currency: string,
  most: number,
): Promise<OutstandingNote[]> =>
  (
    await tx.query(
      `select * from document d where kind = 'credit-note' and customer = $1 and currency = $2 and ($3::text is null or service = $3)
         and not exists (select 1 from credit_application a where a.credit_note = d.id) order by number limit $4`,
      [customer, currency, service, most],
    )
  ).map(documentOf);
