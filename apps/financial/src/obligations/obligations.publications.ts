import { obligations, type ObligationV1 } from '@underpin/contracts/financial/obligation.v1';
import { textOf } from '@underpin/kernel/money/money';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import type { Obligation, ObligationFact } from './obligation';

type Reason = (typeof obligations.reasons)[number];

const reasons = {
  accrued: 'penalty-accrued',
  revised: 'penalty-revised',
  settled: 'penalty-settled',
  eligible: 'claim-eligible',
} as const satisfies Record<Exclude<ObligationFact['type'], 'reckoned'>, Reason>;

/** As long as nothing was ever owed, nobody needs to hear of it. */
const telling = ([fact]: readonly ObligationFact[]): Telling<Reason> | null =>
  fact === undefined || fact.type === 'reckoned' ? null : { reason: reasons[fact.type], time: fact.at };

/** ISO 4217 for "no currency". Only of an obligation that nobody is told of: what is owed has a price, and so a currency. */
const NO_CURRENCY = 'XXX';

const snapshot = (obligation: Obligation, { version, recordedAt }: RowVersion): ObligationV1 => {
  const { currency } = obligation;
  const amountText = (minor: bigint): string => (currency === null ? '0' : textOf({ minor, currency }));
  return {
    id: obligationId(obligation),
    version,
    recordedAt: iso(recordedAt),
    agreement: obligation.agreement,
    service: obligation.service,
    direction: obligation.direction,
    party: obligation.party,
    from: iso(obligation.from),
    to: iso(obligation.to),
    status: obligation.direction === 'claim' ? 'eligible' : obligation.final ? 'settled' : 'accrued',
    attainmentRevision: obligation.attainmentRevision,
    currency: currency ?? NO_CURRENCY,
    fee: amountText(obligation.fee ?? 0n),
    targets: obligation.credits.map(({ key, credit }) => ({ key, credit })),
    amount: amountText(obligation.amount),
    capUsed: obligation.capUsed,
    deadline: obligation.deadline === null ? null : iso(obligation.deadline),
    documentId: obligation.documentId,
  };
};

export const obligationId = ({ agreement, from }: Pick<Obligation, 'agreement' | 'from'>): string =>
  `${agreement}/${iso(from)}`;

export const obligationPublication: Publication<Obligation, ObligationFact, ObligationV1, Reason> = {
  subject: obligations,
  telling,
  snapshot,
};
