export interface EventuallyOptions {
  /** Machine time after which the last failure is final. */
  readonly withinMs?: number;
}

const PAUSE_MS = 15;

/**
 * Repeats an assertion until it holds, and gives what it returned. Instead of a sleep: as fast as the truth, and when it never comes the
 * last failure says what was missing.
 */
export const eventually = async <T>(
  assertion: () => T | Promise<T>,
  { withinMs = 10_000 }: EventuallyOptions = {},
): Promise<T> => {
  const limit = performance.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > limit) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
};
