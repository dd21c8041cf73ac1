import { canonicalJson } from '@underpin/kernel/canonical-json';
import { decided, unchanged, type Decision } from '@underpin/kernel/decision';
import { conflict, notFound } from '@underpin/kernel/errors';
import { decimalsOf } from '@underpin/kernel/money/currency';
import type { Instant } from '@underpin/kernel/time/instant';
import { knownZone } from '@underpin/kernel/time/zone';

export const PARTY_KINDS = ['customer', 'supplier', 'team'] as const;
export type PartyKind = (typeof PARTY_KINDS)[number];

export interface Contact {
  readonly name: string;
  readonly email: string | null;
}

/** Somebody that an agreement is made with. */
export interface PartyDescription {
  readonly kind: PartyKind;
  readonly name: string;
  /** ISO 4217, in which it pays or is paid; null: as the price says. */
  readonly currency: string | null;
  readonly zone: string | null;
  readonly contacts: readonly Contact[];
}

export interface Party {
  readonly slug: string;
  /** null: nobody has registered it. */
  readonly description: PartyDescription | null;
}

export interface PartyFact {
  readonly type: 'registered' | 'changed';
  readonly at: Instant;
}

/**
 * Registers a party or describes it anew; the description replaces what was said before.
 *
 * @param namedIn agreements that name it: they were made with a party of its present kind
 * @throws DomainError conflict `party.kind-fixed`; invalid `currency.unknown`, `zone.unknown`
 */
export const register = (
  party: Party,
  description: PartyDescription,
  namedIn: readonly string[],
  now: Instant,
): Decision<Party, PartyFact> => {
  const before = party.description;
  refuseNonsense(description);
  if (before === null) return decided({ ...party, description }, [{ type: 'registered', at: now }]);
  if (canonicalJson(before) === canonicalJson(description)) return unchanged(party);
  if (before.kind !== description.kind && namedIn.length > 0)
    throw conflict(
      'party.kind-fixed',
      `"${party.slug}" is a ${before.kind} in ${namedIn.join(', ')}: register another party as ${description.kind}`,
    );
  return decided({ ...party, description }, [{ type: 'changed', at: now }]);
};

export const unknownParty = (slug: string) =>
  notFound('party.unknown', `There is no party "${slug}": register it with PUT /parties/${slug}`);

const refuseNonsense = ({ currency, zone }: PartyDescription): void => {
  if (currency !== null) decimalsOf(currency);
  if (zone !== null) knownZone(zone);
};
