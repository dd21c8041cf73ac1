import type { Allowance } from '@underpin/kernel/measure/allowance';
import { Whole } from '../fields/numbers';
import { AllowanceKey, OneOf } from '../fields/text';

/** How much of the agreed time may be downtime, as two integers in lowest terms. */
export class AllowanceV1 implements Allowance {
  @AllowanceKey()
  readonly key: string;

  @OneOf('availability')
  readonly kind: 'availability';

  @Whole()
  readonly num: number;

  @Whole({ from: 1 })
  readonly den: number;

  /** `>`: equality is met. `>=`: over at equality already. */
  @OneOf('>', '>=')
  readonly bound: '>' | '>=';
}
