import type { IncomingHttpHeaders } from 'node:http';

/** Headers that speak of one connection, not of the message (RFC 9110, 7.6.1); `connection` may name more. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Settled here before the service is asked: the body has been taken in, and its length is known. */
const ANSWERED_HERE = ['expect', 'content-length', 'host'];

/** What the gateway knows of a request beyond its headers. */
export interface Arrival {
  readonly correlationId: string;
  /** Address of the other end of the connection. */
  readonly from: string;
  readonly protocol: string;
  /** The prefix that was taken off the path: `/availability`. */
  readonly prefix: string;
}

/** The headers that a service gets: those of the caller, without the connection's, and with the way that the request has taken. */
export const towardsService = (headers: IncomingHttpHeaders, arrival: Arrival): IncomingHttpHeaders => {
  const way = headers['x-forwarded-for'];
  const host = headers['x-forwarded-host'] ?? headers.host;
  return {
    ...without(headers, [...HOP_BY_HOP, ...ANSWERED_HERE]),
    'x-correlation-id': arrival.correlationId,
    'x-forwarded-for': way === undefined ? arrival.from : `${way.toString()}, ${arrival.from}`,
    'x-forwarded-proto': headers['x-forwarded-proto'] ?? arrival.protocol,
    'x-forwarded-prefix': arrival.prefix,
    ...(host === undefined ? {} : { 'x-forwarded-host': host }),
  };
};

/** The headers that a caller gets: those of the service, without the connection's; a redirect stays behind the prefix. */
export const towardsCaller = (headers: IncomingHttpHeaders, prefix: string): IncomingHttpHeaders => {
  const { location, ...rest } = without(headers, HOP_BY_HOP);
  if (location === undefined) return rest;
  return { ...rest, location: /^\/(?!\/)/.test(location) ? `${prefix}${location}` : location };
};

const without = (headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders => {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const gone = new Set([...names, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== undefined && !gone.has(name)));
};
