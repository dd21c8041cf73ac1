import { ArrayMinSize } from 'class-validator';
import { Many } from '../fields/nesting';
import { AmountText } from '../fields/numbers';
import { Nullable } from '../fields/presence';
import { Currency, OneOf, Slug, Text, ZoneName } from '../fields/text';
import { LocalDate } from '../fields/time';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** A price on the local days [from, to); `to` null: until further notice. */
export class RateV1 {
  @LocalDate()
  readonly from: string;

  @Nullable()
  @LocalDate()
  readonly to: string | null;

  @AmountText()
  readonly amount: string;

  @OneOf('month', 'quarter', 'year')
  readonly per: 'month' | 'quarter' | 'year';
}

/** What a service costs one customer (or what one supplier charges for it): the whole list, always. */
export class PriceV1 extends StatePayload {
  /** `<service>/<party>` */
  @Text(130)
  readonly id: string;

  @Slug()
  readonly service: string;

  @Slug()
  readonly party: string;

  @Currency()
  readonly currency: string;

  /** Whose days the rates mean. */
  @ZoneName()
  readonly zone: string;

  /** How a part of a period is charged: by its actual days. */
  @OneOf('actual-days')
  readonly proration: 'actual-days';

  @Many(() => RateV1, 500)
  @ArrayMinSize(1)
  readonly rates: readonly RateV1[];
}

export const prices = stateSubject({
  topic: 'underpin.financial.prices',
  owner: 'financial',
  reasons: ['price-published'],
  payload: PriceV1,
  key: (price) => price.id,
});
