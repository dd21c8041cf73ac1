import { notFound } from '@underpin/kernel/errors';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Bus } from '@underpin/platform/messaging/bus';
import type { Tx } from '@underpin/platform/persistence/tx';
import { liveSinceOf } from '../heard/services.table';
import { INTAKE_BARRIER } from '../outages/outage-recording';
import { close, startClosing } from './figure';
import { figuresTable } from './figures.table';
import { Recounting } from './recounting';

/** What became of a command to close a service's history. */
export interface ClosedHistory {
  readonly closed: readonly { readonly figure: string; readonly revision: number }[];
  readonly alreadyClosed: number;
  /** Periods that are still to be closed by their cutoff. */
  readonly notHistorical: number;
}

/** Closing periods: at their cutoff when what was accepted before has been read, or by command when they are history. */
export class Closing {
  constructor(
    private readonly recounting: Recounting,
    private readonly bus: Bus,
    /** Topics that this service consumes: what is unread there at the cutoff is waited for. */
    private readonly topics: readonly string[],
    private readonly group: string,
  ) {}

  /** Closes every historical figure of a service whose span ends at or before an instant. Again: closes nothing twice. */
  async closeHistory(tx: Tx, service: string, through: Instant): Promise<ClosedHistory> {
    if ((await liveSinceOf(tx, service)) === null)
      throw notFound(
        'service.unknown',
        `Availability has not heard of a service "${service}": register it in the service catalogue first`,
      );
    await everythingAccepted(tx);
    await this.recounting.recount(tx, service);
    const figures = await tx.query<{ id: string; historical: boolean; status: string }>(
      'select id, historical, status from figure where service = $1 and to_at <= $2 order by id',
      [service, through],
    );
    const due = figures.filter((f) => f.historical && f.status !== 'closed');
    const closed = await tx.changeAll(
      figuresTable,
      due.map((f) => f.id),
      close,
    );
    return {
      closed: closed.map(({ state }) => ({ figure: state.id, revision: state.revision })),
      alreadyClosed: figures.filter((f) => f.historical).length - due.length,
      notHistorical: figures.filter((f) => !f.historical).length,
    };
  }

  /** The cutoff of a figure has come: from here on it waits for what the bus holds at this moment. */
  async startClosing(tx: Tx, figureId: string): Promise<void> {
    const { changed } = await tx.change(figuresTable, figureId, startClosing);
    if (!changed) return;
    const barrier = (await this.bus.offsets(this.topics)).filter(({ low, high }) => high > low);
    await tx.append(
      'closing_barrier',
      barrier.map(({ topic, partition, high }) => ({ figure_id: figureId, topic, partition, high: high.toString() })),
    );
    tx.worked = true;
  }

  /** Closes a figure whose barrier has been passed. False if none is ready. */
  async turn(tx: Tx): Promise<boolean> {
    const [ready] = await tx.query<{ id: string; service: string }>(
      `select id, service from figure f where status = 'closing' and not exists (
         select 1 from closing_barrier b left join position p on p.group_name = $1 and p.topic = b.topic and p.partition = b.partition
         where b.figure_id = f.id and (p.next is null or p.next < b.high)) order by cutoff_at limit 1`,
      [this.group],
    );
    if (ready === undefined) return false;
    await everythingAccepted(tx);
    await this.recounting.recount(tx, ready.service);
    await tx.change(figuresTable, ready.id, close);
    await tx.query('delete from closing_barrier where figure_id = $1', [ready.id]);
    return true;
  }
}

/** Waits until every report that was being accepted is committed, so that the statements after it see them all. */
const everythingAccepted = (tx: Tx): Promise<unknown> =>
  tx.query('with held as materialized (select pg_advisory_lock($1)) select pg_advisory_unlock($1) from held', [
    INTAKE_BARRIER,
  ]);
