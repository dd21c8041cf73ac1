import type { Subject } from '@underpin/contracts/subject';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Tx } from '../persistence/tx';

/** An event of another service (or of an outside source), checked against its contract. */
export interface Heard<P = unknown> {
  /** CloudEvents id: the causation id of what follows from it. */
  readonly id: string;
  /** `underpin.<owner>.<reason>.v1` */
  readonly type: string;
  /** Why it was told, in the past tense: `outage-restored`. */
  readonly reason: string;
  /** Of which subject: the record's key. */
  readonly key: string;
  /** When it happened in the world. */
  readonly time: Instant;
  /** Of a state subject: the highest version wins. 0 for a record. */
  readonly version: bigint;
  readonly data: P;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** What is done with an event: runs in the transaction that also moves the position. */
export type Handler<P> = (tx: Tx, event: Heard<P>) => Promise<unknown>;

/** One line of a service's map from events to use cases. */
export interface Listener {
  readonly subject: Subject<unknown, string>;
  readonly handle: Handler<unknown>;
}

/**
 * Declares what a service does with the events of a subject, whatever their reason. Several listeners of one subject run in
 * the order of their declaration, in one transaction.
 */
export const listens = <P, R extends string>(subject: Subject<P, R>, handle: Handler<P>): Listener => ({
  subject,
  handle: handle as Handler<unknown>,
});

/** Module token for the listeners of a service: a list, in the order in which they run. */
export const LISTENERS = Symbol('listeners');
