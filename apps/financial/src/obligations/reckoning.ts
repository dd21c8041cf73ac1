import { Injectable } from '@nestjs/common';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Tx } from '@underpin/platform/persistence/tx';
import { v7 as uuidv7 } from 'uuid';
import { clausesOf, termKey } from '../heard/agreements.table';
import { attainedOf } from '../heard/attainments.table';
import { CreditNoting } from '../invoices/credit-noting';
import { openMonth } from '../ledger/ledger.table';
import { priceId, pricesOf } from '../prices/prices.table';
import { answer, type Place } from './obligation';
import { obligationsTable } from './obligations.table';
import { owed, type Attained } from './owed';
import { isAlone, keepPending, spreadPending, takePending, type PendingScope } from './pending.table';

const AT_ONCE = 200;

/** Turning what attainments say into money: whatever changes, what is owed is reckoned from what is known, and the difference posted. */
@Injectable()
export class Reckoning {
  constructor(private readonly creditNoting: CreditNoting) {}

  /** Asks, in the transaction of the change, for all that it concerns to be reckoned again. */
  async ask(tx: Tx, scope: PendingScope, key: string): Promise<void> {
    await keepPending(tx, scope, key);
    tx.worked = true;
  }

  /** Reckons some of what is pending. True if there may be more. */
  async reckonPending(tx: Tx): Promise<boolean> {
    if (!(await isAlone(tx))) return false;
    const spread = await spreadPending(tx, AT_ONCE);
    const ids = await takePending(tx, AT_ONCE);
    await this.reckon(tx, ids);
    return spread || ids.length > 0;
  }

  /** A handful of statements, however many attainments. */
  private async reckon(tx: Tx, ids: readonly string[]): Promise<void> {
    const attained = ids.length === 0 ? [] : await attainedOf(tx, ids);
    if (attained.length === 0) return;
    const clauses = await clausesOf(
      tx,
      attained.map((a) => a.agreement),
    );
    const prices = await pricesOf(tx, attained);
    const accountingPeriod = await openMonth(tx);
    const byKey = new Map(attained.map((a) => [keyOf(a), a]));
    const changes = await tx.changeAll(obligationsTable, attained, (known, now, key) => {
      const one = byKey.get(keyOf(key)) as Attained;
      const amount = owed(one, clauses.get(termKey(one.agreement, one.term)), prices.get(priceId(one)));
      return answer(known, one, amount, placeAt(now, accountingPeriod));
    });
    await this.creditNoting.issue(tx, changes);
  }
}

const keyOf = ({ agreement, from }: Pick<Attained, 'agreement' | 'from'>): string => `${agreement}/${from}`;

const placeAt = (at: Instant, accountingPeriod: string): Place => ({
  at,
  accountingPeriod,
  accrualId: uuidv7(),
  settlementId: uuidv7(),
  documentId: uuidv7(),
});
