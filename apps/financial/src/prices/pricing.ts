import { Injectable } from '@nestjs/common';
import type { Changed } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { Reckoning } from '../obligations/reckoning';
import { publish, type Price, type PriceFact, type PriceTold } from './price';
import { isBooked, priceId, pricesTable, type PriceKey } from './prices.table';

/** Saying what services cost. */
@Injectable()
export class Pricing {
  constructor(private readonly reckoning: Reckoning) {}

  /** Publishes the whole list; all that is not settled yet is reckoned again by it. */
  async publish(tx: Tx, key: PriceKey, told: PriceTold): Promise<Changed<Price, PriceFact>> {
    const booked = await isBooked(tx, key);
    const price = await tx.change(pricesTable, key, (known, now) => publish(known, told, booked, now));
    if (price.changed) await this.reckoning.ask(tx, 'price', priceId(key));
    return price;
  }
}
