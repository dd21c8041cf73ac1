import { IntegerText, PositiveIntegerText } from '../fields/numbers';

/** A ratio that decides: two integers, divided only for show. */
export class RatioV1 {
  @IntegerText()
  readonly num: string;

  @PositiveIntegerText()
  readonly den: string;
}
