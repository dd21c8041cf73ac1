import { moneyOf } from '@underpin/kernel/money/money';
import type { Rate } from '@underpin/kernel/money/proration';
import type { Row } from '@underpin/platform/persistence/row';
import { subjectTable } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { ratesText, type Price, type PriceFact, type RateTold } from './price';
import { pricePublication } from './prices.publications';

export interface PriceKey {
  readonly service: string;
  readonly party: string;
}

export const pricesTable = subjectTable<PriceKey, Price, PriceFact>({
  table: 'price',
  keyColumns: ['service', 'party'],
  toKey: ({ service, party }) => ({ service, party }),
  toRow: (price) => ({ currency: price.currency, zone: price.zone, rates: ratesText(price) }),
  fromRow: (row) => ({
    service: row['service'] as string,
    party: row['party'] as string,
    currency: row['currency'] as string,
    zone: row['zone'] as string,
    rates: ratesOf(row['rates'] as RateTold[], row['currency'] as string),
  }),
  unheardOf: ({ service, party }) => ({ service, party, currency: '', zone: 'UTC', rates: [] }),
  publication: pricePublication,
});

const ratesOf = (told: readonly RateTold[], currency: string): Rate[] =>
  told.map(({ from, to, amount, per }) => ({
    from,
    to: to ?? null,
    amountMinor: moneyOf(amount, currency).minor,
    per,
  }));

export const priceId = ({ service, party }: PriceKey): string => `${service}/${party}`;

/**
 * The price lists of these services and parties. They stay as they are until the end of the transaction: what is booked by
 * a list is booked in the currency that it has.
 */
export const pricesOf = async (tx: Tx, keys: readonly PriceKey[]): Promise<ReadonlyMap<string, Price>> => {
  const rows = await tx.query(
    `select p.* from price p join (select distinct service, party from unnest($1::text[], $2::text[]) as k(service, party)) k using (service, party)
     order by p.service, p.party for share of p`,
    [keys.map((k) => k.service), keys.map((k) => k.party)],
  );
  return byId(rows);
};

/** The price lists of a customer, of one service or of all; they stay as they are until the end of the transaction. */
export const pricesFor = async (tx: Tx, party: string, service: string | null): Promise<Price[]> =>
  (
    await tx.query(
      'select * from price where party = $1 and ($2::text is null or service = $2) order by service for share',
      [party, service],
    )
  ).map((row) => pricesTable.fromRow(row));

/**
 * Locks a list that is to be changed, and says whether anything has been posted or invoiced by it: whoever books by it waits
 * until the change is made, and we for him.
 */
export const isBooked = async (tx: Tx, { service, party }: PriceKey): Promise<boolean> => {
  await tx.query('select 1 from price where service = $1 and party = $2 for no key update', [service, party]);
  const [row] = await tx.query<{ booked: boolean }>(
    `select exists (select 1 from obligation where service = $1 and party = $2 and direction = 'credit' and announced)
         or exists (select 1 from invoiced_days where service = $1 and customer = $2) as booked`,
    [service, party],
  );
  return row?.booked === true;
};

const byId = (rows: readonly Row[]): ReadonlyMap<string, Price> =>
  new Map(rows.map((row) => pricesTable.fromRow(row)).map((price) => [priceId(price), price]));
