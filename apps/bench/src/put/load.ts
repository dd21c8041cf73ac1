import { createRequire } from 'node:module';

/** What is used of autocannon, which brings no types. */
interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly duration: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: readonly { readonly method: string; readonly setupRequest: (request: object) => object }[];
}
interface LoadResult {
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly duration: number;
  readonly latency: { readonly p50: number; readonly p99: number };
}
const autocannon = createRequire(__filename)('autocannon') as (options: LoadOptions) => Promise<LoadResult>;

const CONNECTIONS = 16;
let told = 0;

/** A report as a monitoring system makes it: an outage that is over, with all that is known of it. */
export const report = {
  sequence: 1,
  toldAt: '2026-03-02T11:00:10.000Z',
  service: 'payroll',
  component: 'db-01',
  occurredAt: '2026-03-02T10:00:00.000Z',
  detectedAt: '2026-03-02T10:00:30.000Z',
  reportedAt: '2026-03-02T10:01:00.000Z',
  restoredAt: '2026-03-02T10:50:00.000Z',
  weight: 10_000,
  cause: 'hardware',
  party: 'hoster',
  planned: false,
  users: 120,
};

export interface Load {
  readonly perSecond: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}

/** Tells about new outages for so many seconds, by a few connections. @throws when one was refused */
export const tell = async (url: string, authorization: string, seconds: number): Promise<Load> => {
  const body = JSON.stringify(report);
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    headers: { authorization, 'content-type': 'application/json' },
    requests: [
      {
        method: 'PUT',
        setupRequest: (request) => ({ ...request, body, path: `${new URL(url).pathname}/monitoring/INC-${++told}` }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} requests were refused, ${result.errors} failed`);
  return {
    perSecond: result['2xx'] / result.duration,
    requests: result['2xx'],
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
};
