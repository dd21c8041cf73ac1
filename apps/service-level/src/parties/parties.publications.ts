import { parties, type PartyV1 } from '@underpin/contracts/service-level/party.v1';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { unknownParty, type Party, type PartyFact } from './party';

type Reason = (typeof parties.reasons)[number];

const telling = ([fact]: readonly PartyFact[]): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'registered':
    case 'changed':
      return { reason: `party-${fact.type}`, time: fact.at };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = ({ slug, description }: Party, { version, recordedAt }: RowVersion): PartyV1 => {
  if (description === null) throw unknownParty(slug);
  return { id: slug, version, recordedAt: iso(recordedAt), ...description };
};

export const partyPublication: Publication<Party, PartyFact, PartyV1, Reason> = { subject: parties, telling, snapshot };
