import { int } from '@underpin/platform/persistence/row';
import { subjectTable, type FactRows } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { criteriaId, criteriaOf } from '../attainments/criteria';
import {
  drafted,
  undrafted,
  type Agreement,
  type AgreementContent,
  type AgreementFact,
  type AgreementStatus,
} from './agreement';
import { agreementPublication } from './agreements.publications';

export const agreementsTable = subjectTable<string, Agreement, AgreementFact>({
  table: 'agreement',
  keyColumns: ['reference'],
  toKey: (reference) => ({ reference }),
  toRow: ({ status, enteredAt, content }) => ({
    kind: content?.kind,
    service: content?.service,
    provider: content?.provider ?? null,
    recipient: content?.recipient ?? null,
    status,
    entered_at: enteredAt,
    content,
  }),
  fromRow: (row) => ({
    reference: row['reference'] as string,
    status: row['status'] as AgreementStatus,
    enteredAt: int(row['entered_at']),
    content: row['content'] as AgreementContent,
  }),
  unheardOf: undrafted,
  also: ({ after, facts }) => (facts.some((fact) => fact.type === 'agreed') ? termRows(after) : []),
  publication: agreementPublication,
});

/** What was agreed, in the rows by which figures find it: never changed afterwards. */
const termRows = (agreement: Agreement): FactRows[] => {
  const { terms } = drafted(agreement).content;
  return [
    {
      table: 'criteria',
      rows: terms.map(criteriaOf).map((criteria) => ({ id: criteriaId(criteria), ...criteria })),
    },
    {
      table: 'agreement_term',
      rows: terms.map((term) => ({
        agreement: agreement.reference,
        number: term.number,
        measure_id: term.measureId,
        from_at: term.effective.from,
        to_at: term.effective.to,
        criteria: criteriaId(criteriaOf(term)),
      })),
    },
  ];
};

/** Agreements that rest on a service and have been agreed and not ended, at most ten. */
export const agreedOn = async (tx: Tx, service: string): Promise<string[]> => {
  const rows = await tx.query<{ reference: string }>(
    `select reference from agreement where service = $1 and status in ('agreed', 'in-force') order by reference limit 10`,
    [service],
  );
  return rows.map((row) => row.reference);
};

/** Agreements, drafts too, that name a party, at most ten. */
export const agreementsNaming = async (tx: Tx, party: string): Promise<string[]> => {
  const rows = await tx.query<{ reference: string }>(
    `select reference from agreement where provider = $1 or recipient = $1 order by reference limit 10`,
    [party],
  );
  return rows.map((row) => row.reference);
};

/** Of these references, those that are no OLA or UC: nothing can rest on them. */
export const notUnderpinning = async (tx: Tx, references: readonly string[]): Promise<string[]> => {
  if (references.length === 0) return [];
  const rows = await tx.query<{ reference: string }>(
    `select reference from agreement where reference = any($1::text[]) and kind in ('OLA', 'UC')`,
    [references],
  );
  return references.filter((reference) => !rows.some((row) => row.reference === reference));
};
