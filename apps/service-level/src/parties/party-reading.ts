import { Injectable } from '@nestjs/common';
import { iso } from '@underpin/kernel/time/instant';
import { Database } from '@underpin/platform/persistence/database';
import { int } from '@underpin/platform/persistence/row';
import type { RowVersion } from '@underpin/platform/persistence/subject-table';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import type { PartiesQueryDto, PartyDto, PartyListDto } from './parties.dto';
import { partiesTable } from './parties.table';
import { unknownParty, type Party } from './party';

/** What people ask of the register of parties. */
@Injectable()
export class PartyReading {
  constructor(private readonly database: Database) {}

  async list({ kind, limit = DEFAULT_LIMIT, after }: PartiesQueryDto): Promise<PartyListDto> {
    const rows = await this.database.query(
      `select * from party where ($1::text is null or slug > $1) and ($2::text is null or kind = $2) order by slug limit $3`,
      [after ?? null, kind ?? null, limit + 1],
    );
    const { entries, next } = pageOf(rows.map(partyOfRow), limit, (party) => party.id);
    return { parties: entries, next };
  }

  async find(slug: string): Promise<PartyDto> {
    const [row] = await this.database.query('select * from party where slug = $1', [slug]);
    if (row === undefined) throw unknownParty(slug);
    return partyOfRow(row);
  }
}

const partyOfRow = (row: Record<string, unknown>): PartyDto =>
  partyDto(partiesTable.fromRow(row), { version: int(row['version']), recordedAt: int(row['recorded_at']) });

export const partyDto = ({ slug, description }: Party, { version, recordedAt }: RowVersion): PartyDto => {
  if (description === null) throw unknownParty(slug);
  return { id: slug, ...description, version, recordedAt: iso(recordedAt) };
};
