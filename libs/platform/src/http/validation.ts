import { ValidationPipe, type ValidationError } from '@nestjs/common';

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The shape of a request is wrong: answered with 400 and a line for each field. */
export class ShapeProblem extends Error {
  constructor(readonly errors: readonly FieldProblem[]) {
    super(errors.map((e) => `${e.field}: ${e.message}`).join('; '));
  }
}

/** Validates bodies, parameters and queries by their classes. Unknown fields are refused: a misspelt field must not say nothing. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: (errors) => new ShapeProblem(fieldProblems(errors)),
  });

/** The problems of a validation, one line for each rule that was broken, with the path of the field. */
export const fieldProblems = (errors: readonly ValidationError[], path = ''): FieldProblem[] =>
  errors.flatMap((error) => {
    const field = path === '' ? error.property : `${path}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
    return [...own, ...fieldProblems(error.children ?? [], field)];
  });

/** Deeper than any request of ours; what walks a body would run out of stack far below what fits into 1 MiB. */
const DEEPEST = 32;

/** What no database can keep (some text) and nobody can read (endless nesting): refused at the door, wherever it stands in a body. */
export const unkeepable = (value: unknown, path = '', depth = 0): FieldProblem | undefined => {
  if (typeof value === 'string')
    return value.includes('\u0000') || !value.isWellFormed()
      ? { field: path, message: 'holds a NUL character or half of a surrogate pair; send well-formed Unicode text' }
      : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEEPEST) return { field: path, message: `is nested more than ${DEEPEST} levels deep; send it flatter` };
  for (const [key, inner] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const problem = unkeepable(key, at) ?? unkeepable(inner, at, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
};
