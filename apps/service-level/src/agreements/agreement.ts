import { canonicalJson } from '@underpin/kernel/canonical-json';
import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { conflict, notFound } from '@underpin/kernel/errors';
import type { Instant } from '@underpin/kernel/time/instant';
import { sidesOf, type AgreementKind, type Proposal, type Sides } from './proposal';
import { percentText, spelledAlike } from './remedy';
import { termOf, type Effective, type Term } from './term';

export type AgreementStatus = 'draft' | 'agreed' | 'in-force' | 'expired';

/** What two sides promise each other. */
export interface AgreementContent extends Sides {
  readonly kind: AgreementKind;
  readonly service: string;
  /** From the first to the last; one at present. */
  readonly terms: readonly Term[];
  /** Agreements with others that this one rests on. */
  readonly underpinnedBy: readonly string[];
}

/** draft -> agreed -> in-force -> expired. Only a draft can be changed; the dates of its term move it on. */
export interface Agreement {
  readonly reference: string;
  readonly status: AgreementStatus;
  /** When it came into this status. */
  readonly enteredAt: Instant;
  /** null: nobody has drafted it. */
  readonly content: AgreementContent | null;
}

/** An agreement that somebody has drafted. */
export type DraftedAgreement = Agreement & { readonly content: AgreementContent };

export interface AgreementFact {
  readonly type: 'drafted' | 'redrafted' | 'agreed' | 'in-force' | 'expired';
  readonly at: Instant;
}

export const undrafted = (reference: string): Agreement => ({
  reference,
  status: 'draft',
  enteredAt: 0,
  content: null,
});

/** What a proposal comes to. @throws DomainError as `sidesOf` and `termOf` */
export const contentOf = (proposal: Proposal): AgreementContent => {
  const sides = sidesOf(proposal);
  const { kind, service } = proposal;
  return {
    kind,
    service,
    ...sides,
    terms: [termOf(proposal, sides)],
    underpinnedBy: [...new Set(proposal.underpinnedBy)].sort(),
  };
};

/**
 * Drafts an agreement, or drafts it anew. Once it is agreed, the same words again change nothing and others are refused.
 *
 * @throws DomainError conflict `agreement.already-agreed`
 */
export const draft = (
  agreement: Agreement,
  content: AgreementContent,
  now: Instant,
): Decision<Agreement, AgreementFact> => {
  const known = agreement.content;
  if (known !== null && saysTheSame(known, content)) return unchanged(agreement);
  if (agreement.status !== 'draft')
    throw conflict(
      'agreement.already-agreed',
      `"${agreement.reference}" is ${agreement.status} and says something else: what was agreed cannot be rewritten; draft the new promise under another reference`,
    );
  const enteredAt = known === null ? now : agreement.enteredAt;
  return decided({ ...agreement, content, enteredAt }, [{ type: known === null ? 'drafted' : 'redrafted', at: now }]);
};

/** "99.90" and "99.9" are one promise. */
const saysTheSame = (a: AgreementContent, b: AgreementContent): boolean =>
  canonicalJson(inOneSpelling(a)) === canonicalJson(inOneSpelling(b));

const inOneSpelling = (content: AgreementContent): AgreementContent => ({
  ...content,
  terms: content.terms.map((term) => ({
    ...term,
    targets: term.targets.map((target) => ({ ...target, required: percentText(target.required) })),
    remedy: term.remedy === null ? null : spelledAlike(term.remedy),
  })),
});

/** Both sides have agreed. Agreeing again changes nothing. @throws DomainError notFound `agreement.unknown` */
export const agree = (agreement: Agreement, now: Instant): Decision<Agreement, AgreementFact> => {
  drafted(agreement);
  if (agreement.status !== 'draft') return unchanged(agreement);
  return decided({ ...agreement, status: 'agreed', enteredAt: now }, [{ type: 'agreed', at: now }]);
};

/** Where the dates of its terms have brought an agreement by now: one step at a time, so that each is told. */
export const progress = (agreement: Agreement, now: Instant): Decision<Agreement, AgreementFact> => {
  const next = nextStep(agreement);
  if (next === null || next.at > now) return unchanged(agreement);
  const at = Math.max(next.at, agreement.enteredAt);
  return decided({ ...agreement, status: next.to, enteredAt: at }, [{ type: next.to, at }]);
};

/** The step that is to come, and when; null: none. */
export const nextStep = (
  agreement: Agreement,
): { readonly to: 'in-force' | 'expired'; readonly at: Instant } | null => {
  if (agreement.content === null) return null;
  const { from, to } = effectiveOf(agreement.content);
  if (agreement.status === 'agreed') return { to: 'in-force', at: from };
  return agreement.status === 'in-force' && to !== null ? { to: 'expired', at: to } : null;
};

/** From the start of the first term to the end of the last. */
export const effectiveOf = ({ terms }: AgreementContent): Effective => ({
  from: Math.min(...terms.map((term) => term.effective.from)),
  to: terms.reduce<Instant | null>(
    (end, { effective }) => (end === null || effective.to === null ? null : Math.max(end, effective.to)),
    0,
  ),
});

/** The same agreement, once it is certain that it was drafted. @throws DomainError notFound `agreement.unknown` */
export const drafted = (agreement: Agreement): DraftedAgreement => {
  if (agreement.content === null)
    throw notFound(
      'agreement.unknown',
      `There is no agreement "${agreement.reference}": draft it with PUT /agreements/${agreement.reference}`,
    );
  return agreement as DraftedAgreement;
};
