/** One decorator out of several, so that a field's whole rule reads as one word. */
export const allOf =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
