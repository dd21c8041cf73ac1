import { Injectable } from '@nestjs/common';
import { notFound } from '@underpin/kernel/errors';
import { textOf } from '@underpin/kernel/money/money';
import type { Ratio } from '@underpin/kernel/ratio';
import { instantOf, iso } from '@underpin/kernel/time/instant';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import { Database } from '@underpin/platform/persistence/database';
import { int, type Row } from '@underpin/platform/persistence/row';
import { LedgerReading } from '../ledger/ledger-reading';
import { explanationOf } from './explanation';
import type { Obligation } from './obligation';
import type {
  ObligationDto,
  ObligationExplanationDto,
  ObligationKeyDto,
  ObligationLinksDto,
  ObligationListDto,
  ObligationsQueryDto,
} from './obligations.dto';
import { obligationOf } from './obligations.table';

const READ = `select o.*, coalesce((h.data ->> 'restatementPending')::boolean, false) as restatement_pending
  from obligation o left join heard_attainment h on h.agreement = o.agreement and h.from_at = o.from_at`;

/** What people and systems ask about obligations: straight from the table. */
@Injectable()
export class ObligationReading {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerReading,
  ) {}

  async list({
    agreement,
    party,
    service,
    status,
    limit = DEFAULT_LIMIT,
    after,
  }: ObligationsQueryDto): Promise<ObligationListDto> {
    const [, afterAgreement = '', afterFrom = '0'] = /^([^/]{1,63})\/(\d{1,15})$/.exec(after ?? '') ?? [];
    const rows = await this.database.query(
      `${READ} where ($1::text is null or o.agreement = $1) and ($2::text is null or o.party = $2)
         and ($3::text is null or o.service = $3) and ($4::text is null or o.status = $4)
         and (o.agreement, o.from_at) > ($5, $6) order by o.agreement, o.from_at limit $7`,
      [agreement ?? null, party ?? null, service ?? null, status ?? null, afterAgreement, afterFrom, limit + 1],
    );
    const { entries, next } = pageOf(rows, limit, (row) => `${String(row['agreement'])}/${String(row['from_at'])}`);
    return { obligations: entries.map(viewOf), next };
  }

  async find(key: ObligationKeyDto): Promise<ObligationDto> {
    return viewOf(await this.rowOf(key));
  }

  /** Intervals and integers from which anyone can come to the same amount. */
  async explain(key: ObligationKeyDto): Promise<ObligationExplanationDto> {
    const row = await this.rowOf(key);
    const obligation = obligationOf(row);
    const { parts, fee, amount } = explanationOf(obligation);
    const view = viewOf(row);
    return {
      obligation: view,
      fee: {
        zone: obligation.basis?.zone ?? null,
        parts: parts.map((part) => ({ ...part, exact: exactOf(part.exact) })),
        exact: exactOf(fee),
        rounded: view.fee,
      },
      remedy: {
        targets: view.targets,
        combine: obligation.basis?.clause?.combine ?? null,
        cap: obligation.basis?.clause?.cap ?? null,
        capUsed: obligation.capUsed,
        percent: obligation.percent,
      },
      amount: {
        exact: exactOf(amount),
        rounding: 'once, half to even, to the minor unit of the currency',
        rounded: view.amount,
      },
      journals: await this.ledger.journalsOfObligation(view.id),
      links: linksOf(obligation, view.id),
    };
  }

  private async rowOf({ agreement, from }: ObligationKeyDto): Promise<Row> {
    const [row] = await this.database.query(`${READ} where o.agreement = $1 and o.from_at = $2`, [
      agreement,
      instantOf(from),
    ]);
    if (row === undefined)
      throw notFound('obligation.unknown', `No attainment of ${agreement} from ${from} has been heard of here`);
    return row;
  }
}

const viewOf = (row: Row): ObligationDto => {
  const obligation = obligationOf(row);
  const { currency } = obligation;
  const amountText = (minor: bigint): string => (currency === null ? '0' : textOf({ minor, currency }));
  return {
    id: `${obligation.agreement}/${iso(obligation.from)}`,
    agreement: obligation.agreement,
    service: obligation.service,
    direction: obligation.direction,
    party: obligation.party,
    from: iso(obligation.from),
    to: iso(obligation.to),
    status: obligation.status,
    waitingFor: [...obligation.waitingFor],
    currency,
    fee: obligation.fee === null ? null : amountText(obligation.fee),
    targets: obligation.credits.map(({ key, credit }) => ({ key, credit })),
    tierPercent: obligation.percent,
    capUsed: obligation.capUsed,
    amount: amountText(obligation.amount),
    posted: amountText(obligation.posted),
    deadline: obligation.deadline === null ? null : iso(obligation.deadline),
    attainmentRevision: obligation.attainmentRevision,
    documentId: obligation.documentId,
    final: obligation.final,
    restatementPending: row['restatement_pending'] === true,
    version: int(row['version']),
    recordedAt: iso(int(row['recorded_at'])),
  };
};

const exactOf = ({ num, den }: Ratio): { num: string; den: string } => ({ num: num.toString(), den: den.toString() });

const linksOf = ({ agreement, service, party, documentId }: Obligation, id: string): ObligationLinksDto => ({
  attainment: `/service-level/attainments/${id}/explain`,
  agreement: `/service-level/agreements/${agreement}`,
  price: `/financial/prices/${service}/${party}`,
  creditNote: documentId === null ? null : `/financial/credit-notes/${documentId}`,
});
