import { subjectTable } from '@underpin/platform/persistence/subject-table';
import type { Contact, Party, PartyFact, PartyKind } from './party';
import { partyPublication } from './parties.publications';

export const partiesTable = subjectTable<string, Party, PartyFact>({
  table: 'party',
  keyColumns: ['slug'],
  toKey: (slug) => ({ slug }),
  toRow: ({ description }) => ({
    kind: description?.kind,
    name: description?.name,
    currency: description?.currency,
    zone: description?.zone,
    contacts: description?.contacts,
  }),
  fromRow: (row) => ({
    slug: row['slug'] as string,
    description: {
      kind: row['kind'] as PartyKind,
      name: row['name'] as string,
      currency: row['currency'] as string | null,
      zone: row['zone'] as string | null,
      contacts: row['contacts'] as Contact[],
    },
  }),
  unheardOf: (slug) => ({ slug, description: null }),
  publication: partyPublication,
});
