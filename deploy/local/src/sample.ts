import { setTimeout as pause } from 'node:timers/promises';
import { readIfThere, writePrivately } from './private-file';
import organisation from './sample-organisation.json';

interface SampleRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface SampleTarget {
  readonly gateway: string;
  readonly apiKey: string;
  /** The file that remembers that the sample was offered: what was deleted later does not come back. */
  readonly marker: string;
}

const ATTEMPTS = 5;
const RETRY_AFTER_MS = 1_000;
const ANSWER_WITHIN_MS = 30_000;

/** Created, declined (by flag), there from an earlier start, or refused by the platform with a reason. */
export type SampleOutcome =
  { readonly kind: 'created' | 'declined' | 'known' } | { readonly kind: 'refused'; readonly reason: string };

/**
 * A small organisation to begin with, made through the public API like anything else: a customer and a supplier, three services, two SLAs and
 * an underpinning contract, prices, a resource and a recovery plan. Only on the first start of a data directory; what was refused in the
 * middle is tried again on the next one, where the requests that were accepted change nothing.
 */
export async function sampleOnFirstStart(
  { gateway, apiKey, marker }: SampleTarget,
  wanted: boolean,
  now = new Date(),
): Promise<SampleOutcome> {
  if (readIfThere(marker) !== null) return { kind: 'known' };
  if (wanted)
    for (const request of requestsSince(startOfLastMonth(now))) {
      const reason = await send(gateway, apiKey, request);
      if (reason !== null) return { kind: 'refused', reason };
    }
  writePrivately(marker, `${JSON.stringify({ created: wanted })}\n`);
  return { kind: wanted ? 'created' : 'declined' };
}

/** The requests in their order, with agreements and prices from that instant on. */
export const requestsSince = (since: string): readonly SampleRequest[] =>
  JSON.parse(
    JSON.stringify(organisation).replaceAll('{since}', since).replaceAll('{day}', since.slice(0, 10)),
  ) as SampleRequest[];

/** So early that an outage of the last hours always lies in a period that is measured. */
export const startOfLastMonth = (now: Date): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString();

/** Null when it was accepted; a service that is away for a moment (it has just started) is asked again. */
async function send(
  gateway: string,
  apiKey: string,
  { method = 'PUT', path, body }: SampleRequest,
): Promise<string | null> {
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const response = await fetch(`${gateway}/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      if (response.ok) return null;
      reason = `${method} /${path} answers ${response.status} ${(await response.text()).slice(0, 400)}`;
      if (response.status < 500) return reason;
    } catch (error) {
      reason = `${method} /${path}: ${(error as Error).message}`;
    }
    if (attempt < ATTEMPTS) await pause(RETRY_AFTER_MS);
  }
  return reason;
}
