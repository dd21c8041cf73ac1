import { agreements, type AgreementV1, type TermV1 } from '@underpin/contracts/service-level/agreement.v1';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { drafted, type Agreement, type AgreementFact } from './agreement';
import type { Term } from './term';

type Reason = (typeof agreements.reasons)[number];

/** A draft is a matter of those who negotiate: the others hear of it once it is agreed. */
const telling = ([fact]: readonly AgreementFact[]): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'drafted':
    case 'redrafted':
      return null;
    case 'agreed':
    case 'in-force':
    case 'expired':
      return { reason: `agreement-${fact.type}`, time: fact.at };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = (agreement: Agreement, { version, recordedAt }: RowVersion): AgreementV1 => {
  const { reference, status, enteredAt, content } = drafted(agreement);
  return {
    id: reference,
    version,
    recordedAt: iso(recordedAt),
    kind: content.kind,
    status,
    enteredAt: iso(enteredAt),
    provider: content.provider,
    recipient: content.recipient,
    service: content.service,
    terms: content.terms.map(termV1),
    underpinnedBy: content.underpinnedBy,
  };
};

const termV1 = (term: Term): TermV1 => ({
  ...term,
  effective: { from: iso(term.effective.from), to: term.effective.to === null ? null : iso(term.effective.to) },
  targets: term.targets.map((target) => ({ ...target })),
});

export const agreementPublication: Publication<Agreement, AgreementFact, AgreementV1, Reason> = {
  subject: agreements,
  telling,
  snapshot,
};
