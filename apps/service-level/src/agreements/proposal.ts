import { invalid, shown } from '@underpin/kernel/errors';
import type { Tier } from '@underpin/kernel/money/tiers';
import type { Instant } from '@underpin/kernel/time/instant';
import type { PartyKind } from '../parties/party';

export const AGREEMENT_KINDS = ['SLA', 'OLA', 'UC'] as const;
/** To a customer; inside the organisation; of a supplier. */
export type AgreementKind = (typeof AGREEMENT_KINDS)[number];

/** What somebody asks to be agreed, in his own words. */
export interface Proposal {
  readonly kind: AgreementKind;
  readonly service: string;
  readonly customer: string | null;
  readonly supplier: string | null;
  readonly provider: string | null;
  readonly effective: { readonly from: Instant; readonly to: Instant | null };
  readonly zone: string;
  readonly serviceHours: unknown;
  readonly reportingPeriod: string;
  readonly grace: string;
  /** In percent, as text. */
  readonly availability: string;
  readonly remedy: { readonly tiers: readonly Tier[]; readonly cap: string | null } | null;
  readonly underpinnedBy: readonly string[];
}

/** Who stands on each side; null: the organisation itself. */
export interface Sides {
  readonly provider: string | null;
  readonly recipient: string | null;
}

/** Of which kind the other side of an agreement is, and which field names it. */
export const OTHER_SIDE: Readonly<
  Record<AgreementKind, { readonly field: 'customer' | 'supplier' | 'provider'; readonly is: PartyKind }>
> = {
  SLA: { field: 'customer', is: 'customer' },
  UC: { field: 'supplier', is: 'supplier' },
  OLA: { field: 'provider', is: 'team' },
};

/**
 * The two sides of a proposal. An SLA is promised by the organisation, a UC or OLA to it. For a UC "provider" is another
 * word for "supplier".
 *
 * @throws DomainError invalid `agreement.side-missing`, `agreement.side-surplus`
 */
export const sidesOf = (proposal: Pick<Proposal, 'kind' | 'customer' | 'supplier' | 'provider'>): Sides => {
  const { kind } = proposal;
  const { field, is } = OTHER_SIDE[kind];
  const named = kind === 'UC' ? (proposal.supplier ?? proposal.provider) : proposal[field];
  const given = (['customer', 'supplier', 'provider'] as const).filter((side) => proposal[side] !== null);
  if (named === null)
    throw invalid(
      'agreement.side-missing',
      `${article(kind)} needs its ${is}: give "${field}", the slug of a party of kind ${is}`,
    );
  const surplus = given.find((side) => proposal[side] !== named);
  if (surplus !== undefined || given.length > 1)
    throw invalid(
      'agreement.side-surplus',
      `${article(kind)} is between the organisation and one ${is}: leave ${shown(surplus ?? given.find((side) => side !== field))} out, "${field}" says it`,
    );
  return kind === 'SLA' ? { provider: null, recipient: named } : { provider: named, recipient: null };
};

/**
 * The party across has to be of the kind that goes with the agreement.
 *
 * @throws DomainError invalid `agreement.party-unknown`, `agreement.party-kind`
 */
export const checkOtherSide = (kind: AgreementKind, slug: string, found: PartyKind | null): void => {
  const { field, is } = OTHER_SIDE[kind];
  if (found === null)
    throw invalid(
      'agreement.party-unknown',
      `${field} is "${slug}", and no such party is registered: register it first with PUT /parties/${slug}, of kind ${is}`,
    );
  if (found !== is)
    throw invalid(
      'agreement.party-kind',
      `"${slug}" is a ${found}, and ${article(kind)} needs a ${is}: name a party of kind ${is}`,
    );
};

const article = (kind: AgreementKind): string => (kind === 'UC' ? 'a UC' : `an ${kind}`);
