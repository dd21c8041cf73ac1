import { ArrayMinSize } from 'class-validator';
import { Many } from '../fields/nesting';
import { AmountText } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { Currency, OneOf, Slug, Text, Uuid } from '../fields/text';
import { UtcInstant } from '../fields/time';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

export class InvoiceLineV1 {
  /** `fee`, or `service-credit` for what a missed target gives back. */
  @OneOf('fee', 'service-credit')
  readonly kind: 'fee' | 'service-credit';

  @Slug()
  readonly service: string;

  /** The stretch that is charged or credited: [from, to). */
  @UtcInstant()
  readonly from: string;

  @UtcInstant()
  readonly to: string;

  @Text(500)
  readonly text: string;

  /** Negative: in the customer's favour. */
  @AmountText()
  readonly amount: string;

  /** What it rests on: `price/payroll/acme`, `obligation/sla-acme-payroll/2026-09-30T22:00:00.000Z`. */
  @Text(300)
  readonly cites: string;
}

/** A document to a customer: what is charged, or what is credited. It never changes once issued. */
export class InvoiceV1 extends StatePayload {
  @Uuid()
  readonly id: string;

  /** `INV-000001`, `CN-000001`: without gaps. */
  @Text(40)
  readonly number: string;

  @OneOf('invoice', 'credit-note')
  readonly kind: 'invoice' | 'credit-note';

  @Slug()
  readonly customer: string;

  @UtcInstant()
  readonly issuedAt: string;

  @Currency()
  readonly currency: string;

  @Many(() => InvoiceLineV1, 1_000)
  @ArrayMinSize(1)
  readonly lines: readonly InvoiceLineV1[];

  /** Sum of the lines: what is to be paid; negative for a credit note. */
  @AmountText()
  readonly total: string;

  /** The journal that books it. */
  @Nullable()
  @Uuid()
  readonly journal: string | null;
}

export const invoices = stateSubject({
  topic: 'underpin.financial.invoices',
  owner: 'financial',
  reasons: ['invoice-issued', 'credit-note-issued'],
  payload: InvoiceV1,
  key: (invoice) => invoice.id,
});
