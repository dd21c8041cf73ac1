import { Injectable } from '@nestjs/common';
import { notFound } from '@underpin/kernel/errors';
import { iso } from '@underpin/kernel/time/instant';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import { Database } from '@underpin/platform/persistence/database';
import { int, type Row } from '@underpin/platform/persistence/row';
import { ratesText, type Price } from './price';
import { pricesTable, type PriceKey } from './prices.table';
import type { PriceDto, PriceListsDto, PricesQueryDto } from './prices.dto';

/** What people and systems ask about prices: straight from the table. */
@Injectable()
export class PriceReading {
  constructor(private readonly database: Database) {}

  async list({ service, party, limit = DEFAULT_LIMIT, after }: PricesQueryDto): Promise<PriceListsDto> {
    const [afterService = '', afterParty = ''] = after?.split('/') ?? [];
    const rows = await this.database.query(
      `select * from price where ($1::text is null or service = $1) and ($2::text is null or party = $2)
         and (service, party) > ($3, $4) order by service, party limit $5`,
      [service ?? null, party ?? null, afterService, afterParty, limit + 1],
    );
    const { entries: prices, next } = pageOf(rows.map(viewOf), limit, (price) => `${price.service}/${price.party}`);
    return { prices, next };
  }

  async find({ service, party }: PriceKey): Promise<PriceDto> {
    const [row] = await this.database.query('select * from price where service = $1 and party = $2', [service, party]);
    if (row === undefined)
      throw notFound(
        'price.unknown',
        `No price of ${service} for ${party} is published: say one with PUT /prices/${service}/${party}`,
      );
    return viewOf(row);
  }
}

const viewOf = (row: Row): PriceDto =>
  priceDto(pricesTable.fromRow(row), { version: int(row['version']), recordedAt: int(row['recorded_at']) });

/** A price list in the words of the API. */
export const priceDto = (price: Price, { version, recordedAt }: { version: number; recordedAt: number }): PriceDto => ({
  service: price.service,
  party: price.party,
  currency: price.currency,
  zone: price.zone,
  proration: 'actual-days',
  rates: ratesText(price),
  version,
  recordedAt: iso(recordedAt),
});
