import { Injectable } from '@nestjs/common';
import { conflict, invalid } from '@underpin/kernel/errors';
import type { Changed } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { v7 as uuidv7 } from 'uuid';
import { kindOf } from '../heard/parties.table';
import { serviceNames } from '../heard/services.table';
import { openMonth } from '../ledger/ledger.table';
import type { Price } from '../prices/price';
import { pricesFor } from '../prices/prices.table';
import {
  invoiceOf,
  issue,
  numberOf,
  type Document,
  type DocumentFact,
  type FeeLine,
  type InvoiceDraft,
} from './document';
import {
  chargedAlready,
  documentsTable,
  invoiceFor,
  issueAlone,
  outstandingNotes,
  takeNumbers,
} from './documents.table';
import { checkedDays, feeLines } from './fees';

export interface InvoiceRequest {
  readonly customer: string;
  /** Null: all services that the customer has a price for. */
  readonly service: string | null;
  /** Local days [from, to), each service's in the zone of its price. */
  readonly from: string;
  readonly to: string;
}

/** What one event may carry. */
const MOST_LINES = 1_000;

/** Charging customers for services, and giving back what missed targets have earned them. */
@Injectable()
export class Invoicing {
  /** Issues the invoice; or gives the one that was issued for the very same request. */
  async issue(tx: Tx, request: InvoiceRequest): Promise<{ invoice: Document; isNew: boolean }> {
    const days = checkedDays(request);
    await issueAlone(tx);
    const asked = [request.customer, request.service ?? '*', days.from, days.to].join('/');
    const before = await invoiceFor(tx, asked);
    if (before !== undefined) return { invoice: before, isNew: false };

    await refuseOthersThanCustomers(tx, request.customer);
    const fees = await this.feesOf(tx, request);
    await refuseChargedDays(tx, request.customer, fees.lines);
    const notes = await outstandingNotes(
      tx,
      request.customer,
      request.service,
      fees.currency,
      MOST_LINES - fees.lines.length,
    );
    const draft = {
      customer: request.customer,
      service: request.service,
      currency: fees.currency,
      fees: fees.lines,
      notes,
      request: asked,
    };
    return { invoice: (await this.keep(tx, draft)).state, isNew: true };
  }

  private async feesOf(tx: Tx, request: InvoiceRequest): Promise<{ currency: string; lines: FeeLine[] }> {
    const prices = await pricesFor(tx, request.customer, request.service);
    const names = await serviceNames(
      tx,
      prices.map(({ service }) => service),
    );
    const priced = prices
      .map((price) => ({ price, lines: feeLines(price, request, names.get(price.service) ?? price.service) }))
      .filter(({ lines }) => lines.length > 0);
    const lines = priced.flatMap((p) => p.lines);
    if (lines.length > MOST_LINES)
      throw invalid(
        'invoice.too-many-lines',
        `the invoice would have ${lines.length} lines, at most ${MOST_LINES} fit: ask for fewer days, or for one service`,
      );
    return {
      currency: oneCurrency(
        request,
        priced.map(({ price }) => price),
      ),
      lines,
    };
  }

  private async keep(tx: Tx, draft: InvoiceDraft): Promise<Changed<Document, DocumentFact>> {
    const accountingPeriod = await openMonth(tx);
    const number = numberOf('invoice', await takeNumbers(tx, 'invoice', 1));
    const id = uuidv7();
    return tx.change(documentsTable, id, (_unissued, at) => {
      const { document, fact } = invoiceOf(draft, {
        id,
        number,
        at,
        accountingPeriod,
        journalId: uuidv7(),
        creditJournalIds: draft.notes.map(() => uuidv7()),
      });
      return issue(null, document, fact);
    });
  }
}

/** A party that was not heard of yet may be a customer: what counts is that there is a price for it. */
const refuseOthersThanCustomers = async (tx: Tx, party: string): Promise<void> => {
  const kind = await kindOf(tx, party);
  if (kind !== undefined && kind !== 'customer')
    throw invalid('invoice.not-a-customer', `${party} is a ${kind}: invoices go to customers`);
};

const oneCurrency = ({ customer, service, from, to }: InvoiceRequest, prices: readonly Price[]): string => {
  const [first] = prices;
  if (first === undefined)
    throw invalid(
      'invoice.nothing-priced',
      `no price of ${service ?? 'any service'} for ${customer} is in force from ${from} up to ${to}: publish one with PUT /prices/{service}/${customer}`,
    );
  const other = prices.find(({ currency }) => currency !== first.currency);
  if (other !== undefined)
    throw invalid(
      'invoice.currencies-differ',
      `${first.service} is priced in ${first.currency}, ${other.service} in ${other.currency}: ask for one invoice for each with "service"`,
    );
  return first.currency;
};

const refuseChargedDays = async (tx: Tx, customer: string, fees: readonly FeeLine[]): Promise<void> => {
  const [charged] = await chargedAlready(
    tx,
    customer,
    fees.map(({ charges }) => charges),
  );
  if (charged !== undefined)
    throw conflict(
      'invoice.already-charged',
      `${charged.number} has charged ${charged.service} from ${charged.from} up to ${charged.to} to ${customer}: ask for other days`,
      { number: charged.number, service: charged.service, from: charged.from, to: charged.to },
    );
};
