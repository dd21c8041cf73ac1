import type { ClassConstructor } from 'class-transformer';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { invalid } from '@underpin/kernel/errors';

/** What every snapshot of a subject says about itself. */
export interface Snapshot {
  /** Counts the changes of the subject, from 1: what an If-Match compares. */
  readonly version: number;
  /** When its owner learned the newest of it. */
  readonly recordedAt: string;
}

/** One kind of thing that is told about: where, by whom, for which reasons, in which words. All types of a topic share one payload. */
export interface Subject<P = unknown, R extends string = string> {
  /** `state`: a full snapshot, the highest version wins, compacted. `record`: one immutable fact, kept for a time. */
  readonly shape: 'state' | 'record';
  readonly topic: string;
  /** The service that speaks; `intake` for what others tell us. */
  readonly owner: string;
  /** Why it is told, in the past tense. */
  readonly reasons: readonly R[];
  readonly payload: ClassConstructor<P & object>;
  /** The record's key: equal keys are the same subject and keep their order. */
  key(payload: P): string;
}

export interface StateSubject<P = unknown, R extends string = string> extends Subject<P, R> {
  readonly shape: 'state';
}

export const stateSubject = <P extends Snapshot, const R extends string>(
  subject: Omit<StateSubject<P, R>, 'shape'>,
): StateSubject<P, R> => ({ shape: 'state', ...subject });

export const recordSubject = <P, const R extends string>(subject: Omit<Subject<P, R>, 'shape'>): Subject<P, R> => ({
  shape: 'record',
  ...subject,
});

const VERSION = 'v1';

/** The CloudEvents type of a reason: `underpin.availability.outage-restored.v1`. */
export const typeOf = ({ owner }: Pick<Subject, 'owner'>, reason: string): string =>
  `underpin.${owner}.${reason}.${VERSION}`;

/** The reason that a type tells of this subject, or why it is none: another version, or a reason that we do not know. */
export const reasonOf = <R extends string>(
  subject: Pick<Subject<never, R>, 'owner' | 'reasons'>,
  type: string,
): { readonly reason: R } | { readonly unknown: 'type' | 'version' } => {
  const match = /^(underpin\.[a-z-]+\.([a-z-]+))\.(v\d+)$/.exec(type);
  const reason = subject.reasons.find((r) => r === match?.[2] && typeOf(subject, r).startsWith(`${match[1]}.`));
  if (match === null || reason === undefined) return { unknown: 'type' };
  return match[3] === VERSION ? { reason } : { unknown: 'version' };
};

/**
 * Reads the data of an event by its contract. Fields that this version does not know are left out: their sender is newer.
 *
 * @throws DomainError invalid `contract.violated`, with a line for each field
 */
export const parsePayload = <P>(subject: Pick<Subject<P>, 'payload' | 'topic'>, data: unknown): P => {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw invalid('contract.violated', `${subject.topic}: the data of an event is a JSON object`);
  const payload = plainToInstance(subject.payload, data);
  const errors = validateSync(payload, { whitelist: true, forbidUnknownValues: true, stopAtFirstError: true });
  if (errors.length > 0) throw invalid('contract.violated', `${subject.topic}: ${linesOf(errors).join('; ')}`);
  return payload;
};

const linesOf = (errors: readonly ValidationError[], path = ''): string[] =>
  errors.flatMap((error) => {
    const at = path === '' ? error.property : `${path}.${error.property}`;
    return [
      ...Object.values(error.constraints ?? {}).map((line) => `${at}: ${line}`),
      ...linesOf(error.children ?? [], at),
    ];
  });
