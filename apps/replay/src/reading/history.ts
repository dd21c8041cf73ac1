import type { Instant } from '@underpin/kernel/time/instant';

/** One incident of a published history, as far as it can become an outage. */
export interface Incident {
  readonly id: string;
  /** Names as the file has them, each once; empty: it belongs to no service. */
  readonly components: readonly string[];
  /** Null when it is no outage (impact none, or maintenance). `end` null: not over yet. [start, end) */
  readonly outage: { readonly start: Instant; readonly end: Instant | null } | null;
}

/** What a reader understood of a file: every incident once, in the order of the file. */
export interface History {
  readonly incidents: readonly Incident[];
}

/** A format of incident histories. */
export interface HistoryReader {
  readonly format: string;
  /** By its content, never by the file's name. */
  recognises(text: string): boolean;
  /** @throws Refusal with the place in the file, what is wrong there and what would be right */
  read(text: string, now: Instant): History;
}
