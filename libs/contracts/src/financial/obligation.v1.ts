import { Many } from '../fields/nesting';
import { AmountText, PercentText, Whole } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { Currency, OneOf, Slug, Text, Uuid } from '../fields/text';
import { UtcInstant } from '../fields/time';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** What one missed target comes to, before combination and cap. */
export class TargetRemedyV1 {
  @Slug()
  readonly key: string;

  /** The tier's credit, in percent of the base. */
  @PercentText()
  readonly credit: string;
}

/** What is owed for one agreement in one period: a target state, not a chain of events. */
export class ObligationV1 extends StatePayload {
  /** `<agreement>/<from>` */
  @Text(120)
  readonly id: string;

  @Slug()
  readonly agreement: string;

  @Slug()
  readonly service: string;

  /** `credit`: we owe a customer. `claim`: a supplier owes us. */
  @OneOf('credit', 'claim')
  readonly direction: 'credit' | 'claim';

  @Slug()
  readonly party: string;

  @UtcInstant()
  readonly from: string;

  @UtcInstant()
  readonly to: string;

  @OneOf('accrued', 'settled', 'eligible')
  readonly status: 'accrued' | 'settled' | 'eligible';

  /** The attainment's revision that it answers. */
  @Whole({ from: 1 })
  readonly attainmentRevision: number;

  @Currency()
  readonly currency: string;

  /** The base: the fee of the period. */
  @AmountText()
  readonly fee: string;

  @Many(() => TargetRemedyV1, 20)
  readonly targets: readonly TargetRemedyV1[];

  /** What is owed, after combination, cap and rounding. */
  @AmountText()
  readonly amount: string;

  /** The cap that was applied, in percent of the base; null: none was reached. */
  @Nullable()
  @PercentText()
  readonly capUsed: string | null;

  /** Until when a claim may be filed. */
  @Nullable()
  @UtcInstant()
  readonly deadline: string | null;

  /** The credit note that settles it. */
  @Nullable()
  @Uuid()
  readonly documentId: string | null;
}

export const obligations = stateSubject({
  topic: 'underpin.financial.obligations',
  owner: 'financial',
  reasons: [
    'penalty-accrued',
    'penalty-revised',
    'penalty-settled',
    'penalty-adjusted',
    'penalty-waived',
    'claim-eligible',
    'claim-filed',
    'claim-accepted',
    'claim-rejected',
    'claim-lapsed',
  ],
  payload: ObligationV1,
  key: (obligation) => obligation.id,
});
