import { Injectable } from '@nestjs/common';
import type { Changed } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { agreementsNaming } from '../agreements/agreements.table';
import { register, type Party, type PartyDescription, type PartyFact } from './party';
import { partiesTable } from './parties.table';

/** Keeping the register of customers, suppliers and teams. */
@Injectable()
export class Registering {
  /** Registers a party, or describes it anew. */
  async register(tx: Tx, slug: string, description: PartyDescription): Promise<Changed<Party, PartyFact>> {
    // Locked before the agreements are read: a draft that names it holds a shared lock.
    await tx.query('select 1 from party where slug = $1 for no key update', [slug]);
    const namedIn = await agreementsNaming(tx, slug);
    return tx.change(partiesTable, slug, (party, now) => register(party, description, namedIn, now));
  }
}
