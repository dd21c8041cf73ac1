import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import type { Actor } from '@underpin/platform/persistence/actor';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import type { FastifyReply } from 'fastify';
import { DocumentReading, documentDto } from './document-reading';
import { Invoicing } from './invoicing';
import {
  CreditNoteListDto,
  DocumentDto,
  DocumentKeyDto,
  DocumentsQueryDto,
  InvoiceListDto,
  InvoiceRequestDto,
} from './invoices.dto';

@ApiTags('Invoices')
@Controller()
@Scope('financial:read')
export class InvoicesController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly invoicing: Invoicing,
    private readonly reading: DocumentReading,
  ) {}

  @Post('invoices')
  @Scope('financial:write')
  @ApiOperation({
    summary: 'Invoice a customer for some days',
    description:
      'The fees of those days, less all credit notes that no invoice has taken into account. No day of a service is charged twice; the very same request again gives the same invoice.',
  })
  @ApiCreatedResponse({ type: DocumentDto })
  @ApiOkResponse({ type: DocumentDto, description: 'It was issued before, for the very same request' })
  async issue(
    @Body() request: InvoiceRequestDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DocumentDto> {
    const { invoice, isNew } = await this.work.run(by, (tx) =>
      this.invoicing.issue(tx, { ...request, service: request.service ?? null }),
    );
    void reply.status(isNew ? 201 : 200);
    return documentDto(invoice, null);
  }

  @Get('invoices')
  @ApiOperation({ summary: 'Invoices, the newest first' })
  @ApiOkResponse({ type: InvoiceListDto })
  invoices(@Query() query: DocumentsQueryDto): Promise<InvoiceListDto> {
    return this.reading.invoices(query);
  }

  @Get('invoices/:id')
  @ApiOperation({ summary: 'An invoice' })
  @ApiOkResponse({ type: DocumentDto })
  invoice(@Param() { id }: DocumentKeyDto): Promise<DocumentDto> {
    return this.reading.find('invoice', id);
  }

  @Get('credit-notes')
  @ApiOperation({ summary: 'Credit notes, the newest first' })
  @ApiOkResponse({ type: CreditNoteListDto })
  creditNotes(@Query() query: DocumentsQueryDto): Promise<CreditNoteListDto> {
    return this.reading.creditNotes(query);
  }

  @Get('credit-notes/:id')
  @ApiOperation({ summary: 'A credit note' })
  @ApiOkResponse({ type: DocumentDto })
  creditNote(@Param() { id }: DocumentKeyDto): Promise<DocumentDto> {
    return this.reading.find('credit-note', id);
  }
}
