import { Injectable } from '@nestjs/common';
import { notFound } from '@underpin/kernel/errors';
import { textOf } from '@underpin/kernel/money/money';
import { iso } from '@underpin/kernel/time/instant';
import { DEFAULT_LIMIT, idCursor, pageOf } from '@underpin/platform/http/paging';
import { Database } from '@underpin/platform/persistence/database';
import type { Row } from '@underpin/platform/persistence/row';
import type { Document } from './document';
import { documentOf, documentsTable } from './documents.table';
import type { CreditNoteListDto, DocumentDto, DocumentsQueryDto, InvoiceListDto } from './invoices.dto';

const READ = `select d.*, i.number as applied_by from document d
  left join credit_application a on a.credit_note = d.id left join document i on i.id = a.invoice`;

/** Invoices and credit notes, as they were issued. */
@Injectable()
export class DocumentReading {
  constructor(private readonly database: Database) {}

  async invoices(query: DocumentsQueryDto): Promise<InvoiceListDto> {
    const { documents, next } = await this.page('invoice', query);
    return { invoices: documents, next };
  }

  async creditNotes(query: DocumentsQueryDto): Promise<CreditNoteListDto> {
    const { documents, next } = await this.page('credit-note', query);
    return { creditNotes: documents, next };
  }

  async find(kind: Document['kind'], id: string): Promise<DocumentDto> {
    const [row] = await this.database.query(`${READ} where d.id = $1 and d.kind = $2`, [id, kind]);
    if (row === undefined) throw notFound(`${kind}.unknown`, `No ${kind} ${id} has been issued`);
    return viewOf(row);
  }

  private async page(
    kind: Document['kind'],
    { customer, limit = DEFAULT_LIMIT, after }: DocumentsQueryDto,
  ): Promise<{ documents: DocumentDto[]; next: string | null }> {
    const rows = await this.database.query(
      `${READ} where d.kind = $1 and ($2::text is null or d.customer = $2) and ($3::uuid is null or d.id < $3) order by d.id desc limit $4`,
      [kind, customer ?? null, idCursor(after), limit + 1],
    );
    const { entries: documents, next } = pageOf(rows.map(viewOf), limit, (document) => document.id);
    return { documents, next };
  }
}

const viewOf = (row: Row): DocumentDto => documentDto(documentOf(row), row['applied_by'] as string | null);

/** A document in the words of the API. */
export const documentDto = (document: Document, appliedBy: string | null): DocumentDto => ({
  id: document.id,
  number: document.number,
  kind: document.kind,
  customer: document.customer,
  service: document.service,
  issuedAt: iso(document.issuedAt),
  currency: document.currency,
  lines: documentsTable.toRow(document)['lines'] as DocumentDto['lines'],
  total: textOf({ minor: document.total, currency: document.currency }),
  journal: document.journal,
  appliedBy,
  version: 1,
});
