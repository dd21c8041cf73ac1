import { fromWire, type Envelope } from '@underpin/contracts/envelope';
import { parsePayload, reasonOf, type Subject } from '@underpin/contracts/subject';
import { DomainError } from '@underpin/kernel/errors';
import type { Tx } from '../persistence/tx';
import type { TopicPartition } from './bus';
import type { Handler, Heard, Listener } from './listens';

/** A record as it was read, or as a dead letter has kept it. */
export interface RawRecord extends TopicPartition {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
}

/** What a record says; or why nobody can say. */
export type Understood = { readonly event: Heard } | { readonly reason: string; readonly detail: string };

/** What a service listens to, and what it then does. */
export class Hearing {
  private readonly heard = new Map<string, { readonly subject: Subject; readonly handlers: Handler<unknown>[] }>();

  constructor(
    listeners: readonly Listener[],
    private readonly service: string,
  ) {
    for (const { subject, handle } of listeners) {
      const known = this.heard.get(subject.topic);
      if (known === undefined) this.heard.set(subject.topic, { subject, handlers: [handle] });
      else known.handlers.push(handle);
    }
  }

  get topics(): readonly string[] {
    return [...this.heard.keys()];
  }

  /** The shape of a topic that is listened to. */
  shapeOf(topic: string): 'state' | 'record' | undefined {
    return this.heard.get(topic)?.subject.shape;
  }

  /** Reads a record by the contract of its topic. Never throws: whoever may write to the bus may have written anything. */
  understand(record: RawRecord): Understood {
    const subject = this.heard.get(record.topic)?.subject;
    if (subject === undefined)
      return { reason: 'not-listened-to', detail: `${this.service} does not listen to ${record.topic}` };
    try {
      return this.read(subject, record);
    } catch (error) {
      return {
        reason: error instanceof DomainError ? error.code : 'event.unreadable',
        detail: (error as Error).message,
      };
    }
  }

  /** Does what the service does with such an event: one handler after the other. */
  async handle(tx: Tx, event: Heard): Promise<void> {
    const { type, correlationId, id } = event;
    tx.onBehalfOf({ who: this.service, door: 'event', useCase: type, correlationId, causationId: id });
    for (const handler of this.heard.get(event.topic)?.handlers ?? []) await handler(tx, event);
  }

  private read(subject: Subject, record: RawRecord): Understood {
    const envelope = fromWire(record);
    const known = reasonOf(subject, envelope.type);
    if ('unknown' in known)
      return { reason: `unknown-${known.unknown}`, detail: unknownText(subject, envelope, known.unknown) };
    if (subject.shape === 'state' && envelope.subjectversion === undefined)
      return { reason: 'event.version', detail: 'An event of a state subject needs the attribute "subjectversion"' };
    const data = parsePayload(subject, envelope.data);
    const key = subject.key(data);
    if (subject.shape === 'state' && (key !== envelope.subject || key !== record.key?.toString()))
      return {
        reason: 'event.key',
        detail: `The data is about ${key}; the key of the record and the attribute "subject" must be the same`,
      };
    return { event: heardOf(envelope, data, key, known.reason, record) };
  }
}

const heardOf = (
  envelope: Envelope,
  data: unknown,
  key: string,
  reason: string,
  { topic, partition, offset }: RawRecord,
): Heard => ({
  id: envelope.id,
  type: envelope.type,
  reason,
  key,
  time: envelope.time,
  version: envelope.subjectversion ?? 0n,
  data,
  correlationId: envelope.correlationid ?? envelope.id,
  ...(envelope.causationid === undefined ? {} : { causationId: envelope.causationid }),
  topic,
  partition,
  offset,
});

const unknownText = (subject: Subject, { type }: Envelope, what: 'type' | 'version'): string =>
  what === 'version'
    ? `The type ${type} is of another version than the v1 that is read here`
    : `The type ${type} is none of those told on ${subject.topic}: ${subject.reasons.join(', ')}`;
