import type { StateSubject } from '@underpin/contracts/subject';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Row } from './row';

/** Something that happened in a decision; `type` is a past participle (`restored`, `missed`). */
export interface Fact {
  readonly type: string;
}

/** What the row knows about itself beyond its state. */
export interface RowVersion {
  /** Counts the changes of this subject, from 1. */
  readonly version: number;
  /** When we learned the newest of it. */
  readonly recordedAt: Instant;
}

/** Why the world is told, and when it happened out there. */
export interface Telling<R extends string = string> {
  readonly reason: R;
  readonly time: Instant;
}

/** How the snapshots of a subject leave the service: the contract, and the two functions that fill it. */
export interface Publication<S, F extends Fact, P = unknown, R extends string = string> {
  readonly subject: StateSubject<P, R>;
  /** The reason for the change: the most telling of its facts comes first in a decision. Null: nothing that others need to hear. */
  telling(facts: readonly F[], state: S): Telling<R> | null;
  snapshot(state: S, row: RowVersion): P;
}

/** Rows of facts that are written in the same statement as the subject they belong to. */
export interface FactRows {
  readonly table: string;
  readonly rows: readonly Row[];
}

/** How a subject with state lives in a table: its key, its row, and what is published of it. */
export interface SubjectTable<K, S, F extends Fact> {
  /** Table name. Beside its own columns it has `version int, recorded_at int8, reason text, happened_at int8`. */
  readonly table: string;
  /** Primary or unique key: column names in the order in which rows are locked. */
  readonly keyColumns: readonly string[];
  toKey(key: K): Row;
  /** State to columns, without the key and the platform's own four. Always the same set of columns. */
  toRow(state: S): Row;
  fromRow(row: Row): S;
  /** The state of a subject that nobody has told us about. */
  unheardOf(key: K): S;
  /** Facts to be kept as rows of their own, written together with the change. */
  also?(change: {
    readonly before: S;
    readonly after: S;
    readonly facts: readonly F[];
    readonly now: Instant;
  }): readonly FactRows[];
  readonly publication?: Publication<S, F>;
}

/** Gives the compiler the types of a table declaration; adds nothing. */
export const subjectTable = <K, S, F extends Fact>(table: SubjectTable<K, S, F>): SubjectTable<K, S, F> => table;

/** What became of a subject in a transaction. */
export interface Changed<S, F = Fact> extends RowVersion {
  readonly state: S;
  readonly facts: readonly F[];
  /** False if the decision left everything as it was: then nothing was written. */
  readonly changed: boolean;
}
