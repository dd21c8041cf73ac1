import { IsInt, Max, Min } from 'class-validator';
import { allOf } from './all-of';
import { matching } from './text';

interface Bounds {
  readonly from?: number;
  readonly to?: number;
}

/** An integer that a JSON number carries exactly; not negative unless `from` says so. */
export const Whole = ({ from = 0, to = Number.MAX_SAFE_INTEGER }: Bounds = {}): PropertyDecorator =>
  allOf(IsInt(), Min(from), Max(to));

/** A duration in milliseconds. */
export const Milliseconds = (): PropertyDecorator => Whole();

/** A weight: 10000 basis points are the whole. */
export const BasisPoints = (): PropertyDecorator => Whole({ to: 10_000 });

/** An integer that may be too large for a JSON number: decimal digits in a string, not negative. */
export const IntegerText = (): PropertyDecorator => matching(/^(0|[1-9]\d{0,37})$/, 'a whole number in a string');

/** A positive integer in a string: a denominator. */
export const PositiveIntegerText = (): PropertyDecorator =>
  matching(/^[1-9]\d{0,37}$/, 'a positive whole number in a string');

/** An exact decimal in a string, at most `places` digits after the point, not negative: `"99.9"`. */
export const DecimalText = (places = 6): PropertyDecorator =>
  matching(new RegExp(`^(0|[1-9]\\d{0,14})(\\.\\d{1,${places}})?$`), `a decimal in a string, at most ${places} places`);

/** A percentage from 0 to 100 in a string, at most six places: `"99.9"`. */
export const PercentText = (): PropertyDecorator =>
  matching(/^(100(\.0{1,6})?|(0|[1-9]\d?)(\.\d{1,6})?)$/, 'a percentage from 0 to 100 in a string, at most 6 places');

/** An amount of money in a string, at most four places, negative if it is taken back: `"-1000.00"`. */
export const AmountText = (): PropertyDecorator =>
  matching(/^-?(0|[1-9]\d{0,14})(\.\d{1,4})?$/, 'an amount in a string, at most 4 places');
