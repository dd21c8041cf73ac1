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
export type SampleOutcome = { readonly kind: 'created' | 'declined' | 'known' } | { readonly kind: 'refused'; readonly reason: string };

/**
 * A small organisation to begin with, made through the public API like anything else: two services, an SLA that is underpinned by a contract
 * with a supplier, a price, a resource and a recovery plan. Only on the first start of a data directory.
 */
export async function sampleOnFirstStart({ gateway, apiKey, marker }: SampleTarget, wanted: boolean, now = new Date()): Promise<SampleOutcome> {
  if (readIfThere(marker) !== null) return { kind: 'known' };
  if (wanted)
    for (const request of requestsIn(now.getUTCFullYear())) {
      const reason = await send(gateway, apiKey, request);
      if (reason !== null) return { kind: 'refused', reason };
    }
  writePrivately(marker, `${JSON.stringify({ created: wanted })}\n`);
  return { kind: wanted ? 'created' : 'declined' };
}

/** The requests in their order, with agreements that run since the beginning of the year. */
export const requestsIn = (year: number): readonly SampleRequest[] =>
  JSON.parse(JSON.stringify(organisation).replaceAll('{year}', String(year))) as SampleRequest[];

/** Null when it was accepted; a service that is away for a moment (it has just started) is asked again. */
async function send(gateway: string, apiKey: string, { method = 'PUT', path, body }: SampleRequest): Promise<string | null> {
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const response = await fetch(`${gateway}/${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
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
