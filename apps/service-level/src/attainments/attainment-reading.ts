import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '@underpin/kernel/errors';
import { instantOf, iso, type Instant } from '@underpin/kernel/time/instant';
import { Database } from '@underpin/platform/persistence/database';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import { ATTAINMENT_READ, attainmentRecordOf, revisionDto, type AttainmentRecord } from './attainment-row-reading';
import type {
  AttainmentExplanationDto,
  AttainmentKeyDto,
  AttainmentListDto,
  AttainmentsQueryDto,
  AttainmentWithRevisionsDto,
} from './attainments.dto';
import { explanationOf } from './explanation-reading';

/** What people and systems ask about attainments: straight from the tables, with the newest figure. */
@Injectable()
export class AttainmentReading {
  constructor(private readonly database: Database) {}

  async list({
    agreement,
    service,
    from,
    to,
    state,
    status,
    limit = DEFAULT_LIMIT,
    after,
  }: AttainmentsQueryDto): Promise<AttainmentListDto> {
    const cursor = cursorOf(after);
    const rows = await this.database.query(
      `${ATTAINMENT_READ}
       where ($1::text is null or a.agreement = $1) and ($2::text is null or a.service = $2)
         and ($3::int8 is null or a.to_at > $3) and ($4::int8 is null or a.from_at < $4)
         and ($5::text is null or a.state = $5) and ($6::text is null or a.status = $6)
         and ($7::text is null or (a.agreement, a.from_at) > ($7, $8::int8))
       order by a.agreement, a.from_at limit $9`,
      [
        agreement ?? null,
        service ?? null,
        instantOrNull(from),
        instantOrNull(to),
        state ?? null,
        status ?? null,
        cursor?.agreement ?? null,
        cursor?.from ?? null,
        limit + 1,
      ],
    );
    const { entries, next } = pageOf(
      rows.map((row) => attainmentRecordOf(row).attainment),
      limit,
      (attainment) => attainment.id,
    );
    return { attainments: entries, next };
  }

  async find(key: AttainmentKeyDto): Promise<AttainmentWithRevisionsDto> {
    const { attainment } = await this.record(key);
    const revisions = await this.database.query(
      'select * from attainment_revision where agreement = $1 and from_at = $2 order by revision',
      [attainment.agreement, instantOf(attainment.from)],
    );
    return { ...attainment, revisions: revisions.map(revisionDto) };
  }

  async explain(key: AttainmentKeyDto): Promise<AttainmentExplanationDto> {
    return explanationOf(await this.record(key));
  }

  private async record({ agreement, from }: AttainmentKeyDto): Promise<AttainmentRecord> {
    const start = instantOf(from);
    const [row] = await this.database.query(`${ATTAINMENT_READ} where a.agreement = $1 and a.from_at = $2`, [
      agreement,
      start,
    ]);
    if (row === undefined)
      throw notFound(
        'attainment.unknown',
        `The agreement "${agreement}" has no attainment that begins at ${iso(start)}: GET /attainments?agreement=${agreement} lists those there are; one opens when Availability has measured its period`,
      );
    return attainmentRecordOf(row);
  }
}

const instantOrNull = (text: string | undefined): Instant | null => (text === undefined ? null : instantOf(text));

/** A cursor is the id of the last attainment of the page before. */
const cursorOf = (after: string | undefined): { agreement: string; from: Instant } | null => {
  if (after === undefined) return null;
  const [agreement, from] = after.split('/');
  if (agreement === undefined || from === undefined)
    throw invalid('attainments.cursor', `after is "${after}": give the "next" of the page before`);
  return { agreement, from: instantOf(from) };
};
