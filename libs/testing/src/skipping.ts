/**
 * `describe`, or, where something is missing on this machine, a `describe` that is skipped and says in its name what: the
 * closing line of the run repeats it.
 *
 * @param missing what is not there, or null where nothing is missing: `describeUnless(java ? null : 'no Java 17', 'on a real broker', …)`
 */
export const describeUnless = (missing: string | null, name: string, tests: () => void): void => {
  if (missing === null) describe(name, tests);
  else describe.skip(`${name} (skipped: ${missing})`, tests);
};
