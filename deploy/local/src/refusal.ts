/**
 * A start that cannot go on, in one sentence that says what is wrong and what to do about it. It is printed as it is, without a stack;
 * everything else that is thrown is a defect of the launcher and is printed with one.
 */
export class Refusal extends Error {
  constructor(
    sentence: string,
    readonly exitCode: number = 1,
  ) {
    super(sentence);
    this.name = 'Refusal';
  }
}

/** Exit code of a wrong command line, as shells and BSD's sysexits have it. */
export const EXIT_USAGE = 64;
