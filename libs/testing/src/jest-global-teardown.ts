import { existsSync } from 'node:fs';
import { dropWhatTheRunLeft } from './postgres-server';
import { reap } from './reaper.cjs';
import { runFolder, TEST_RUN } from './test-run';

/** Ends the servers that the run has started. A run that is killed never comes here; then the reaper does the same. */
export default async function endTheRun(): Promise<void> {
  if (existsSync(runFolder())) {
    await dropWhatTheRunLeft();
    await reap(runFolder());
  }
  delete process.env[TEST_RUN];
}
