import { invalid, shown } from '@underpin/kernel/errors';
import { instantOf, iso, type Instant } from '@underpin/kernel/time/instant';

/** A CloudEvents 1.0 event, as we read and write it. */
export interface Envelope<D = unknown> {
  /** UUIDv7 of ours; anything that a foreign source calls unique. */
  readonly id: string;
  /** `underpin.<owner>.<reason>.v1` */
  readonly type: string;
  /** `/underpin/<service>` */
  readonly source: string;
  /** The subject's key, which is the record's key. */
  readonly subject: string;
  /** When it happened in the world. */
  readonly time: Instant;
  readonly correlationid?: string;
  /** Id of the event that led to this one. */
  readonly causationid?: string;
  readonly traceparent?: string;
  /** Of a state subject: restore epoch in the high 32 bits, row version in the low 32. The highest wins. */
  readonly subjectversion?: bigint;
  readonly data: D;
}

/** A record on the wire, in binary mode: attributes in headers, the data alone in the value. */
export interface WireRecord {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** The version that consumers compare: a restored database counts on in a new epoch, so that its owner is never stale. */
export const subjectVersion = (restoreEpoch: number, rowVersion: number): bigint =>
  (BigInt(restoreEpoch) << 32n) | BigInt(rowVersion);

/** The row version in it. */
export const rowVersionOf = (version: bigint): number => Number(version & 0xffff_ffffn);

const EXTENSIONS = ['correlationid', 'causationid', 'traceparent'] as const;

/** Writes an event in binary mode. */
export const toBinary = (event: Envelope): WireRecord => ({
  key: event.subject,
  headers: {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_subject: event.subject,
    ce_time: iso(event.time),
    ...(event.subjectversion === undefined ? {} : { ce_subjectversion: event.subjectversion.toString() }),
    ...Object.fromEntries(
      EXTENSIONS.flatMap((name) => (event[name] === undefined ? [] : [[`ce_${name}`, event[name]]])),
    ),
  },
  value: JSON.stringify(event.data),
});

/** A record as it was read: whoever may write to the bus may have written anything. */
export interface ReadRecord {
  readonly key: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array | null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Reads an event in binary or structured mode.
 *
 * @throws DomainError invalid `event.…`: not UTF-8, not JSON, an attribute missing or malformed
 */
export const fromWire = ({ key, headers, value }: ReadRecord): Envelope => {
  if (value === null) throw invalid('event.empty', 'the record has no value: an event carries its data as JSON');
  const body = parsed(value);
  const structured = /^application\/cloudevents\+json\b/i.test(headers['content-type'] ?? '');
  if (structured && (typeof body !== 'object' || body === null || Array.isArray(body)))
    throw invalid('event.malformed', 'a structured CloudEvent is a JSON object');
  const attributes = structured ? (body as Record<string, unknown>) : undefined;
  const read = (name: string): string | undefined => {
    const given = attributes === undefined ? headers[`ce_${name}`] : attributes[name];
    if (given === undefined || given === null) return undefined;
    if (typeof given !== 'string')
      throw invalid('event.malformed', `the attribute ${name} is ${shown(given)}: give text`);
    return given;
  };
  const required = (name: string): string => {
    const given = read(name);
    if (given === undefined || given === '')
      throw invalid('event.attribute-missing', `the event lacks the CloudEvents attribute "${name}"`);
    return given;
  };
  if (required('specversion') !== '1.0')
    throw invalid('event.specversion', `specversion is ${shown(read('specversion'))}: we read CloudEvents 1.0`);
  const optional = Object.fromEntries(
    EXTENSIONS.flatMap((name) => (read(name) === undefined ? [] : [[name, read(name)]])),
  );
  return {
    id: required('id'),
    type: required('type'),
    source: required('source'),
    subject: read('subject') ?? (key === null ? '' : Buffer.from(key).toString()),
    time: timeOf(required('time')),
    ...optional,
    ...versionOf(read('subjectversion')),
    data: attributes === undefined ? body : attributes['data'],
  };
};

const parsed = (value: Uint8Array): unknown => {
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    throw invalid('event.not-utf8', 'the value is not UTF-8 text');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('event.not-json', `the value is not JSON: it begins with ${shown(text.slice(0, 40))}`);
  }
};

const timeOf = (text: string): Instant => {
  try {
    return instantOf(text);
  } catch (error) {
    throw invalid('event.time', `the attribute time is no instant: ${(error as Error).message}`);
  }
};

/** Largest int8: what a version column can hold. */
const LARGEST = 9_223_372_036_854_775_807n;

const versionOf = (text: string | undefined): { subjectversion?: bigint } => {
  if (text === undefined) return {};
  if (!/^\d{1,19}$/.test(text) || BigInt(text) > LARGEST)
    throw invalid('event.version', `subjectversion is ${shown(text)}: give a positive integer below 2^63`);
  return { subjectversion: BigInt(text) };
};
