import { Injectable } from '@nestjs/common';
import { iso } from '@underpin/kernel/time/instant';
import { Database } from '@underpin/platform/persistence/database';
import { int } from '@underpin/platform/persistence/row';
import type { RowVersion } from '@underpin/platform/persistence/subject-table';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import { drafted, effectiveOf, undrafted, type Agreement } from './agreement';
import type { AgreedRemedyDto, AgreementDto, AgreementListDto, AgreementsQueryDto } from './agreements.dto';
import { agreementsTable } from './agreements.table';
import type { Remedy } from './remedy';
import type { Term } from './term';

/** What people ask about agreements. */
@Injectable()
export class AgreementReading {
  constructor(private readonly database: Database) {}

  async list({
    service,
    party,
    kind,
    status,
    limit = DEFAULT_LIMIT,
    after,
  }: AgreementsQueryDto): Promise<AgreementListDto> {
    const rows = await this.database.query(
      `select * from agreement
       where ($1::text is null or reference > $1) and ($2::text is null or service = $2)
         and ($3::text is null or provider = $3 or recipient = $3)
         and ($4::text is null or kind = $4) and ($5::text is null or status = $5)
       order by reference limit $6`,
      [after ?? null, service ?? null, party ?? null, kind ?? null, status ?? null, limit + 1],
    );
    const { entries, next } = pageOf(rows.map(agreementOfRow), limit, (agreement) => agreement.id);
    return { agreements: entries, next };
  }

  async find(reference: string): Promise<AgreementDto> {
    const [row] = await this.database.query('select * from agreement where reference = $1', [reference]);
    return row === undefined ? agreementDto(undrafted(reference), { version: 0, recordedAt: 0 }) : agreementOfRow(row);
  }
}

const agreementOfRow = (row: Record<string, unknown>): AgreementDto =>
  agreementDto(agreementsTable.fromRow(row), { version: int(row['version']), recordedAt: int(row['recorded_at']) });

/** @throws DomainError notFound `agreement.unknown` */
export const agreementDto = (agreement: Agreement, { version, recordedAt }: RowVersion): AgreementDto => {
  const { reference, status, enteredAt, content } = drafted(agreement);
  const { from, to } = effectiveOf(content);
  const term = content.terms.at(-1) as Term;
  return {
    id: reference,
    kind: content.kind,
    status,
    enteredAt: iso(enteredAt),
    service: content.service,
    provider: content.provider,
    recipient: content.recipient,
    effective: { from: iso(from), to: to === null ? null : iso(to) },
    zone: term.calendar.zone,
    serviceHours: term.calendar.weekly,
    reportingPeriod: term.reportingPeriod,
    grace: term.grace,
    restatementWindow: term.restatementWindow,
    target: { availability: term.targets[0]?.required ?? '' },
    remedy: term.remedy === null ? null : remedyDto(term.remedy),
    underpinnedBy: content.underpinnedBy,
    measureId: term.measureId,
    allowances: term.allowances.map((allowance) => allowance.key),
    policy: term.policy,
    version,
    recordedAt: iso(recordedAt),
  };
};

const remedyDto = ({ tiers, ...clause }: Remedy): AgreedRemedyDto => ({
  ...clause,
  tiers: tiers.map(({ below, inclusive, credit }) => ({ below, inclusive, percent: credit })),
});
