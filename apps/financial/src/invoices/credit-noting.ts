import { Injectable } from '@nestjs/common';
import type { Changed } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { currencyOf, type Obligation, type ObligationFact } from '../obligations/obligation';
import { obligationId } from '../obligations/obligations.publications';
import { creditNoteOf, issue, numberOf, type Document, type SettledCredit } from './document';
import { documentsTable, takeNumbers } from './documents.table';

/** Issuing credit notes: one for each credit that a close has settled. */
@Injectable()
export class CreditNoting {
  /** In the transaction that settles. */
  async issue(tx: Tx, changes: readonly Changed<Obligation, ObligationFact>[]): Promise<void> {
    const credits = changes.flatMap(settledCredit);
    if (credits.length === 0) return;
    const first = await takeNumbers(tx, 'credit-note', credits.length);
    const at = tx.clock.now();
    const notes = new Map(
      credits.map((credit, i) => [credit.documentId, creditNoteOf(credit, numberOf('credit-note', first + i), at)]),
    );
    await tx.changeAll(documentsTable, [...notes.keys()], (known, _now, id) =>
      issue(known.number === '' ? null : known, notes.get(id) as Document, { journals: [], charges: [], applies: [] }),
    );
  }
}

const settledCredit = ({ state, facts, changed }: Changed<Obligation, ObligationFact>): SettledCredit[] => {
  const settled = facts.find((fact) => fact.type === 'settled');
  if (!changed || settled?.journal == null || state.documentId === null) return [];
  const currency = currencyOf(state);
  return [
    {
      documentId: state.documentId,
      journal: settled.journal.id,
      obligation: obligationId(state),
      attainmentRevision: state.attainmentRevision,
      customer: state.party,
      service: state.service,
      from: state.from,
      to: state.to,
      percent: state.percent,
      fee: { minor: state.fee ?? 0n, currency },
      amount: { minor: state.amount, currency },
    },
  ];
};
