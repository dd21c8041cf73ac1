import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import type { Instant } from '@underpin/kernel/time/instant';
import { attainmentRevision, move, type Entry, type Journal, type JournalKind } from '../ledger/journal';
import type { Attained, Basis, Owed } from './owed';

/**
 * `waiting`: something is not known; `none`: nothing is owed; `accrued`: a credit, its period not closed yet; `eligible`: a
 * claim on a supplier, a memo until he accepts it; `settled`: a credit note was issued.
 */
export type ObligationStatus = 'waiting' | 'none' | 'accrued' | 'eligible' | 'settled';

/** What one agreement owes for one period: a target state, not a chain of events. */
export interface Obligation extends Owed {
  readonly agreement: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly service: string;
  readonly party: string;
  readonly direction: Attained['direction'];
  readonly status: ObligationStatus;
  /** Revision of the attainment that it answers; 0: none yet. */
  readonly attainmentRevision: number;
  /** What the ledger has for it, in minor units. */
  readonly posted: bigint;
  /** The credit note that settles it. */
  readonly documentId: string | null;
  /** Its attainment was closed and it was answered: it moves no more. */
  readonly final: boolean;
  /** Others have been told of it: from then on they hear of each change of its amount. */
  readonly announced: boolean;
}

export type ObligationFact =
  /** Known better, and no amount has changed. */
  | { readonly type: 'reckoned'; readonly at: Instant }
  | { readonly type: 'accrued' | 'revised'; readonly at: Instant; readonly journal: Journal }
  /** Without a journal: nothing was owed in the end. */
  | { readonly type: 'settled'; readonly at: Instant; readonly journal: Journal | null }
  /** A claim came up, or its amount has changed. */
  | { readonly type: 'eligible'; readonly at: Instant };

/** Where in the books a posting goes, and the identities that it may use. */
export interface Place {
  readonly at: Instant;
  readonly accountingPeriod: string;
  readonly accrualId: string;
  readonly settlementId: string;
  readonly documentId: string;
}

/**
 * Answers an attainment: posts what is owed less what is posted, and settles when the attainment is closed and all is known.
 * Told twice it does nothing; what it leaves in the books depends on what is owed now, not on what came before.
 */
export const answer = (
  known: Obligation,
  attained: Attained,
  now: Owed,
  place: Place,
): Decision<Obligation, ObligationFact> => {
  if (known.final) return unchanged(known);
  const final = attained.closed && now.waitingFor.length === 0;
  const isCredit = attained.direction === 'credit';
  const amountMoved = now.amount !== known.amount;
  const settles = final && isCredit;
  const document = settles && now.amount > 0n ? place.documentId : null;
  const next: Obligation = {
    ...now,
    agreement: known.agreement,
    from: known.from,
    to: attained.to,
    service: attained.service,
    party: attained.party,
    direction: attained.direction,
    currency: now.currency ?? known.currency,
    status: statusOf(attained, now, final),
    attainmentRevision: attained.revision,
    posted: isCredit ? now.amount : 0n,
    documentId: document,
    final,
    announced: known.announced || now.amount > 0n,
  };
  const facts: ObligationFact[] = [];
  if (settles && next.announced)
    facts.push({
      type: 'settled',
      at: place.at,
      journal: document === null ? null : settlement(next, attained, place),
    });
  if (isCredit && next.posted !== known.posted)
    facts.push({
      type: known.announced ? 'revised' : 'accrued',
      at: place.at,
      journal: accrual(known, next, attained, place),
    });
  if (!isCredit && amountMoved) facts.push({ type: 'eligible', at: place.at });
  if (facts.length === 0 && wordsOf(next) !== wordsOf(known)) facts.push({ type: 'reckoned', at: place.at });
  return facts.length === 0 ? unchanged(known) : decided(next, facts);
};

const statusOf = ({ direction }: Attained, { waitingFor, amount }: Owed, final: boolean): ObligationStatus => {
  if (waitingFor.length > 0) return 'waiting';
  if (amount === 0n) return 'none';
  if (direction === 'claim') return 'eligible';
  return final ? 'settled' : 'accrued';
};

/** The difference alone: a rise is accrued, a fall is taken back by a counter-entry. */
const accrual = (before: Obligation, after: Obligation, attained: Attained, place: Place): Journal => {
  const difference = after.posted - before.posted;
  const [kind, debit, credit] =
    difference > 0n
      ? (['accrual', 'service-credits', 'accrued-credits'] as const)
      : (['reversal', 'accrued-credits', 'service-credits'] as const);
  const amount = { minor: difference > 0n ? difference : -difference, currency: currencyOf(after) };
  return journal(place.accrualId, kind, attained, place, null, move(debit, credit, after.party, amount));
};

const settlement = (settled: Obligation, attained: Attained, place: Place): Journal =>
  journal(
    place.settlementId,
    'settlement',
    attained,
    place,
    place.documentId,
    move('accrued-credits', 'credits-payable', settled.party, { minor: settled.amount, currency: currencyOf(settled) }),
  );

const journal = (
  id: string,
  kind: JournalKind,
  attained: Attained,
  { at, accountingPeriod }: Place,
  document: string | null,
  entries: readonly Entry[],
): Journal => ({
  id,
  accountingPeriod,
  at,
  kind,
  cites: attainmentRevision(attained.id, attained.revision),
  obligation: attained.id,
  agreement: attained.agreement,
  document,
  entries,
});

/** Something was owed, so there was a price and it named a currency. */
export const currencyOf = ({ agreement, currency }: Obligation): string => {
  if (currency === null) throw new Error(`${agreement}: an amount without a currency`);
  return currency;
};

/** All that it says, to see whether a decision changes anything. */
const wordsOf = (o: Obligation): string =>
  JSON.stringify([
    [o.to, o.service, o.party, o.direction, o.status, o.waitingFor, o.attainmentRevision, o.currency, String(o.fee)],
    [
      o.credits.map(({ key, credit }) => [key, credit]),
      o.percent,
      o.capUsed,
      String(o.amount),
      String(o.posted),
      o.deadline,
    ],
    [o.documentId, o.final, o.announced, o.basis === null ? null : basisWords(o.basis)],
  ]);

const basisWords = ({ zone, rates, clause }: Basis): unknown[] => [
  zone,
  rates.map(({ from, to, amountMinor, per }) => [from, to ?? null, String(amountMinor), per]),
  clause === null ? null : [clause.combine, clause.cap, clause.claimBy],
];
