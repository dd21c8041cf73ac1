import { prices, type PriceV1 } from '@underpin/contracts/financial/price.v1';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { ratesText, type Price, type PriceFact } from './price';

type Reason = (typeof prices.reasons)[number];

const telling = ([fact]: readonly PriceFact[]): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'published':
      return { reason: 'price-published', time: fact.at };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = (price: Price, { version, recordedAt }: RowVersion): PriceV1 => ({
  id: `${price.service}/${price.party}`,
  version,
  recordedAt: iso(recordedAt),
  service: price.service,
  party: price.party,
  currency: price.currency,
  zone: price.zone,
  proration: 'actual-days',
  rates: ratesText(price),
});

export const pricePublication: Publication<Price, PriceFact, PriceV1, Reason> = { subject: prices, telling, snapshot };
