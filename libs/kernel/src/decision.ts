/**
 * The outcome of a domain decision: the state to store and the facts that happened.
 * No facts means that nothing happened: nothing is written, no version is used up, nobody is told.
 */
export interface Decision<S, F> {
  readonly state: S;
  readonly facts: readonly F[];
}

/** Something happened. */
export const decided = <S, F>(state: S, facts: readonly F[]): Decision<S, F> => ({ state, facts });

/** Nothing happened: the command repeats what is known already. */
export const unchanged = <S>(state: S): Decision<S, never> => ({ state, facts: [] });
