/** Does the work for each element, at most `width` at a time, begun in their order. The first failure ends it. */
export const concurrently = async <T>(
  list: readonly T[],
  width: number,
  work: (element: T) => Promise<void>,
): Promise<void> => {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < list.length && !failed) {
      const element = list[next++]!;
      try {
        await work(element);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(width, list.length) }, lane));
  const rejected = ends.find((end) => end.status === 'rejected');
  if (rejected !== undefined) throw rejected.reason;
};
