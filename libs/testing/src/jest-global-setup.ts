import { TEST_RUN, testRun } from './test-run';

/** Names the run, for all its workers. Starts nothing: the first spec that asks for a server starts it (`oncePerRun`). */
export default function nameTheRun(): void {
  process.env[TEST_RUN] = testRun();
}
