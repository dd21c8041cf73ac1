import type { AgreementV1 } from '@underpin/contracts/service-level/agreement.v1';
import type { RemedyV1 } from '@underpin/contracts/shapes/remedy';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import type { Clause } from '../obligations/owed';

export const heardAgreements = heardTable<AgreementV1>({ table: 'heard_agreement' });

/** The remedy clauses of the terms of these agreements; null: the term has none. A term that was not heard of is not in it. */
export type Clauses = ReadonlyMap<string, Clause | null>;

export const termKey = (agreement: string, term: number): string => `${agreement}/${term}`;

/** Takes the clauses out of the agreements in the database: their calendars are none of our business. */
export const clausesOf = async (tx: Tx, agreements: readonly string[]): Promise<Clauses> => {
  const rows = await tx.query<{ agreement: string; term: number; remedy: RemedyV1 | null }>(
    `select a.key as agreement, (t.term ->> 'number')::int as term, t.term -> 'remedy' as remedy
     from heard_agreement a cross join jsonb_array_elements(a.data -> 'terms') as t(term) where a.key = any($1)`,
    [[...new Set(agreements)]],
  );
  return new Map(
    rows.map(({ agreement, term, remedy }) => [termKey(agreement, term), remedy === null ? null : clauseOf(remedy)]),
  );
};

const clauseOf = ({ combine, cap, claimBy }: RemedyV1): Clause => ({ combine, cap, claimBy });
