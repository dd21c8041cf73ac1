import { IsOptional, ValidateIf } from 'class-validator';

/** The field is always there and may be `null`: not yet, or not applicable. */
export const Nullable = (): PropertyDecorator => ValidateIf((_payload, value: unknown) => value !== null);

/** The field may be absent or `null`: for fields that came after the first publication, and for what a record leaves unsaid. */
export const Optional = (): PropertyDecorator => IsOptional();
