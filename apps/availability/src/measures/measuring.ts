import { Injectable } from '@nestjs/common';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Interval } from '@underpin/kernel/time/interval';
import type { Tx } from '@underpin/platform/persistence/tx';
import type { Row } from '@underpin/platform/persistence/row';
import type { Figure } from '../figures/figure';
import { openFigures } from '../figures/figures.table';
import { liveSinceOf, lockService } from '../heard/services.table';
import { begunFigures, measureOf, nextOpening, type Measure, type MeasuredTerm } from './measure';
import { keepMeasure, keepTerm, measureById, measuresOf, stretchesOf, watch } from './measures.table';

/** Due when the next figure of a measure begins. */
export const OPENING = 'figures-open';
/** Due when a figure's grace has passed. */
export const CUTOFF = 'figure-cutoff';

/** Beginning to measure what agreements promise, and going on period by period. */
@Injectable()
export class Measuring {
  /** An agreement's terms are known: measure what they point to. Their status does not matter, their dates do. */
  async measure(tx: Tx, terms: readonly MeasuredTerm[]): Promise<void> {
    for (const term of terms) {
      const told = measureOf(term, tx.clock.now());
      await lockService(tx, told.service);
      const measure = await keepMeasure(tx, told);
      await keepTerm(tx, term);
      if (await watch(tx, term)) await recountWatch(tx, measure);
      await this.open(tx, measure, [term.effective]);
    }
  }

  /** A service is known, or known better: open the figures that waited for it. */
  async openFor(tx: Tx, service: string): Promise<void> {
    await lockService(tx, service);
    for (const measure of await measuresOf(tx, service))
      await this.open(tx, measure, await stretchesOf(tx, measure.id));
  }

  /** A period has begun. */
  async openNext(tx: Tx, key: string): Promise<void> {
    const measure = await measureById(tx, key.slice(0, key.indexOf('|')));
    if (measure === undefined) return;
    await lockService(tx, measure.service);
    await this.open(tx, measure, await stretchesOf(tx, measure.id));
  }

  private async open(tx: Tx, measure: Measure, stretches: readonly Interval[]): Promise<void> {
    const liveSince = await liveSinceOf(tx, measure.service);
    if (liveSince === null) return; // waits until the catalogue tells the service
    const now = tx.clock.now();
    const opened = await openFigures(
      tx,
      stretches.flatMap((stretch) => begunFigures(measure, stretch, liveSince, now)),
    );
    await tx.append(
      'pending_recount',
      opened.map((f) => pending(f, f.to)),
    );
    tx.worked ||= opened.length > 0;
    await tx.timers(
      CUTOFF,
      opened.filter((f) => !f.historical).map((f) => ({ key: f.id, dueAt: f.cutoffAt })),
    );
    const next = stretches.map((stretch) => nextOpening(measure, stretch, liveSince, now)).filter((at) => at !== null);
    await tx.timers(
      OPENING,
      [...new Set(next)].map((dueAt) => ({ key: `${measure.id}|${dueAt}`, dueAt })),
    );
  }
}

/** More allowances are watched: every figure of the measure has to find their crossings; no downtime has changed. */
const recountWatch = async (tx: Tx, measure: Measure): Promise<void> => {
  await tx.query(
    'insert into pending_recount (service, measure_id, starts, ends) select service, measure_id, from_at, from_at from figure where measure_id = $1',
    [measure.id],
  );
  tx.worked = true;
};

const pending = (figure: Figure, ends: Instant): Row => ({
  service: figure.service,
  measure_id: figure.measureId,
  starts: figure.from,
  ends,
  outage_id: null,
});
