import type { PeriodKind } from '@underpin/kernel/time/period';
import { OneOf, Text, ZoneName } from '../fields/text';
import { UtcInstant } from '../fields/time';

/** A calendar period by the clocks of a zone, [from, to). */
export class PeriodV1 {
  @OneOf('day', 'week', 'month', 'quarter', 'year')
  readonly kind: PeriodKind;

  @ZoneName()
  readonly zone: string;

  /** `2024-03`, `2024-Q1`: its name, with kind and zone. */
  @Text(16)
  readonly label: string;

  @UtcInstant()
  readonly from: string;

  @UtcInstant()
  readonly to: string;
}
