import { Injectable } from '@nestjs/common';
import { notFound } from '@underpin/kernel/errors';
import { iso } from '@underpin/kernel/time/instant';
import { DEFAULT_LIMIT, idCursor, pageOf } from '@underpin/platform/http/paging';
import { Database } from '@underpin/platform/persistence/database';
import { int, intOrNull } from '@underpin/platform/persistence/row';
import { attentionFor, claimOf, PHASES, stateOf, weightOf } from './outage';
import { OUTAGE_READ, outageRecordOf, type OutageKey, type OutageRecord } from './outages.table';
import type { OutageDto, OutageListDto, OutagesQueryDto, ToldOutageDto, ToldReportDto } from './outages.dto';

/** What people and systems ask about outages: straight from the table. */
@Injectable()
export class OutageReading {
  constructor(private readonly database: Database) {}

  async list({ service, needs, open, limit = DEFAULT_LIMIT, after }: OutagesQueryDto): Promise<OutageListDto> {
    const rows = await this.database.query(
      `${OUTAGE_READ}
       where ($1::text is null or o.service = $1)
         and ($2::boolean is not true or (o.state <> 'withdrawn' and (o.state = 'incomplete' or o.service is null
              or not exists (select 1 from heard_service s where s.key = o.service))))
         and ($3::boolean is not true or (o.ends is null and o.state <> 'withdrawn'))
         and ($4::uuid is null or o.id < $4)
       order by o.id desc limit $5`,
      [service ?? null, needs === 'attention', open === 'true', idCursor(after), limit + 1],
    );
    const { entries, next } = pageOf(rows, limit, (row) => row['id'] as string);
    return { outages: entries.map((row) => outageDto(outageRecordOf(row))), next };
  }

  async find({ source, externalId }: OutageKey): Promise<ToldOutageDto> {
    const [row] = await this.database.query(`${OUTAGE_READ} where o.source = $1 and o.external_id = $2`, [
      source,
      externalId,
    ]);
    if (row === undefined)
      throw notFound('outage.unknown', `No outage "${externalId}" of source "${source}" has been told here`);
    const record = outageRecordOf(row);
    const reports = await this.database.query(
      'select * from outage_report where outage_id = $1 order by sequence nulls first, told_at nulls first, id',
      [record.outage.id],
    );
    return { ...outageDto(record), reports: reports.map(reportView) };
  }
}

const reportView = (row: Record<string, unknown>): ToldReportDto => {
  const toldAt = intOrNull(row['told_at']);
  return {
    id: row['id'] as string,
    sequence: intOrNull(row['sequence']),
    toldAt: toldAt === null ? null : iso(toldAt),
    recordedAt: iso(int(row['recorded_at'])),
    says: Object.fromEntries(
      Object.entries(row['says'] as Record<string, unknown>).map(([claim, value]) => [
        claim === 'weightBp' ? 'weight' : claim,
        claim.endsWith('At') && typeof value === 'number' ? iso(value) : value,
      ]),
    ),
  };
};

/** What is believed about an outage, in the words of the API. */
export const outageDto = ({ outage, version, recordedAt, serviceKnown }: OutageRecord): OutageDto => {
  const service = claimOf(outage, 'service');
  const state = stateOf(outage);
  const phases = Object.fromEntries(
    PHASES.map((phase) => {
      const at = claimOf(outage, phase);
      return [phase, at === null ? null : iso(at)];
    }),
  ) as Pick<OutageDto, (typeof PHASES)[number]>;
  const unknown = service !== null && !serviceKnown && state !== 'withdrawn';
  return {
    id: outage.id,
    source: outage.source,
    externalId: outage.externalId,
    service,
    component: claimOf(outage, 'component'),
    state: state === 'measurable' && !serviceKnown ? 'unattributed' : state,
    needsAttention: [
      ...attentionFor(outage),
      ...(unknown ? [`the service "${service}" is not in the catalogue (yet)`] : []),
    ],
    ...phases,
    weight: weightOf(outage),
    cause: claimOf(outage, 'cause'),
    party: claimOf(outage, 'party'),
    planned: claimOf(outage, 'planned') ?? false,
    users: claimOf(outage, 'users'),
    version,
    recordedAt: iso(recordedAt),
  };
};
