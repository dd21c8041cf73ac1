import { Type, type ClassConstructor } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, ValidateNested } from 'class-validator';
import { allOf } from './all-of';

/** A value of its own class. `ValidateNested` alone would let an array pass. */
export const One = (shape: () => ClassConstructor<object>): PropertyDecorator =>
  allOf(IsObject(), ValidateNested(), Type(shape));

/** A list of at most `most` values of one class. `ValidateNested` alone would let `null` pass for an element. */
export const Many = (shape: () => ClassConstructor<object>, most: number): PropertyDecorator =>
  allOf(IsArray(), ArrayMaxSize(most), IsObject({ each: true }), ValidateNested({ each: true }), Type(shape));
