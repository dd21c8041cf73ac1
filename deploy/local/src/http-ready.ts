import { setTimeout as pause } from 'node:timers/promises';

const ASK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 3_000;

/** Resolves when `GET {address}/health/ready` answers 200; rejects with what it said last, once `signal` says that waiting is over. */
export async function answersReady(address: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await ask(`${address}/health/ready`);
    if (answer === null) return;
    if (signal.aborted) throw new Error(answer);
    await pause(ASK_EVERY_MS);
  }
}

/** Null when ready, else why not. */
async function ask(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body = await response.text();
    return response.status === 200 ? null : `${response.status} ${body.slice(0, 300)}`;
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { message?: string } };
    return cause?.message ?? message;
  }
}
