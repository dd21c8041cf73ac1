import { Many } from '../fields/nesting';
import { Nullable } from '../fields/presence';
import { Currency, OneOf, Slug, Text, ZoneName } from '../fields/text';
import { StatePayload } from '../shapes/state-payload';
import { stateSubject } from '../subject';

/** Whom to speak to. */
export class ContactV1 {
  @Text(200)
  readonly name: string;

  @Nullable()
  @Text(320)
  readonly email: string | null;
}

/** Somebody that an agreement is made with. */
export class PartyV1 extends StatePayload {
  @Slug()
  readonly id: string;

  @OneOf('customer', 'supplier', 'team')
  readonly kind: 'customer' | 'supplier' | 'team';

  @Text(200)
  readonly name: string;

  /** In which it pays or is paid, unless a price says otherwise. */
  @Nullable()
  @Currency()
  readonly currency: string | null;

  @Nullable()
  @ZoneName()
  readonly zone: string | null;

  @Many(() => ContactV1, 50)
  readonly contacts: readonly ContactV1[];
}

export const parties = stateSubject({
  topic: 'underpin.service-level.parties',
  owner: 'service-level',
  reasons: ['party-registered', 'party-changed'],
  payload: PartyV1,
  key: (party) => party.id,
});
