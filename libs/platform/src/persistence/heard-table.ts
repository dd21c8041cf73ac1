import type { Row } from './row';

/** A read copy of a subject that another service owns: one row per subject, the highest version wins. */
export interface HeardTable<P> {
  /** Table name. Has `key text primary key, version int8, data jsonb` and the columns of `columns`. */
  readonly table: string;
  /** Columns to find rows by, taken from the payload. */
  columns?(data: P): Row;
}

/** Gives the compiler the types of a declaration; adds nothing. */
export const heardTable = <P>(table: HeardTable<P>): HeardTable<P> => table;

/** DDL of a heard table: used by the migrations of the services. */
export const heardTableDdl = (table: string, columns = ''): string =>
  `create table ${table} (key text primary key, version int8 not null, data jsonb not null${columns === '' ? '' : `, ${columns}`})`;
