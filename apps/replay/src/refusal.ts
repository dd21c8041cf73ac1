/**
 * A replay that cannot go on, in sentences that say what is wrong and what to do about it: printed as they are, without a stack.
 * Everything else that is thrown is a defect of the player.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    sentence: string,
    readonly exitCode: number = 1,
  ) {
    super(sentence);
  }
}

/** Exit code of a wrong command line, as shells and BSD's sysexits have it. */
export const EXIT_USAGE = 64;
