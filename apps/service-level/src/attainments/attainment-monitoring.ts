import { Injectable } from '@nestjs/common';
import type { FigureV1 } from '@underpin/contracts/availability/figure.v1';
import type { Instant } from '@underpin/kernel/time/instant';
import type { Heard } from '@underpin/platform/messaging/listens';
import type { TimerSetting, Tx } from '@underpin/platform/persistence/tx';
import type { DraftedAgreement } from '../agreements/agreement';
import { figureOf, figuresHeard, figureUnlessBusy, heardFigures } from '../heard/figures.table';
import { judge, keyOf, type Case, type Clause } from './attainment';
import { attainmentsTable } from './attainments.table';
import { casesThatChange, criteriaFor, isJudgingFree, joinMeasure, judgeBesideOthers } from './cases.table';
import { criteriaOf } from './criteria';
import { isFigureOf, type Figure } from './figure';

/** Due when an open figure uses up an allowance. */
export const FIGURE_CROSSING = 'figure-crossing';

/** When a timer finds its figure busy. */
const AGAIN_AFTER_MS = 50;

/** Agreements are judged in sets of this size: one statement locks such a set, one writes it. */
const SET_SIZE = 500;

/** Watching whether agreements are kept: while their periods run, and at their close. */
@Injectable()
export class AttainmentMonitoring {
  /** A figure was told. What is not newer than what we have changes nothing. */
  async hear(tx: Tx, told: Heard<FigureV1>): Promise<void> {
    await judgeBesideOthers(tx, told.data.measureId);
    if (await tx.hear(heardFigures, told)) await this.judgeAll(tx, figureOf(told.data));
  }

  /**
   * A crossing has come due: the newest figure says whether anything is missed. It waits for nobody, as its timer's row is held
   * already and whoever takes in a figure may want that one: it rather comes again.
   */
  async crossed(tx: Tx, timerKey: string): Promise<void> {
    const figureId = timerKey.slice(0, timerKey.indexOf('|'));
    const isFree = await isJudgingFree(tx, figureId.slice(0, figureId.indexOf('/')));
    const figure = isFree ? await figureUnlessBusy(tx, figureId) : 'busy';
    if (figure === 'busy')
      await tx.timers(FIGURE_CROSSING, [{ key: timerKey, dueAt: tx.clock.now() + AGAIN_AFTER_MS }]);
    else if (figure !== null) await this.judgeAll(tx, figure);
  }

  /** An agreement was agreed: the figures that are there already are judged for it; others come by themselves. */
  async join(tx: Tx, { reference, content }: DraftedAgreement, liveSince: Instant): Promise<void> {
    const now = tx.clock.now();
    for (const term of content.terms) {
      await joinMeasure(tx, term.measureId);
      const heard = await figuresHeard(tx, term.measureId, term.effective);
      const figures = heard.filter((figure) => isFigureOf(figure, term.effective, liveSince));
      const { kind, service, provider, recipient } = content;
      const clause: Clause = { agreement: reference, kind, service, provider, recipient, term: term.number };
      const criteria = criteriaOf(term);
      await decide(
        tx,
        figures.map((figure) => ({ clause, criteria, figure })),
      );
      // Those that are due are left for the others, for whom they have not fired yet.
      for (const figure of figures) await tx.timers(FIGURE_CROSSING, timersOf(figure, now).filter(isToCome));
    }
  }

  /** Judges a figure for every agreement of its measure; those for which nothing changes are not touched. */
  private async judgeAll(tx: Tx, figure: Figure): Promise<void> {
    const now = tx.clock.now();
    const criteria = await criteriaFor(tx, figure);
    if (criteria.size === 0) return; // nobody has agreed on it here (yet)
    await decide(tx, await casesThatChange(tx, figure, criteria, now));
    await tx.timers(FIGURE_CROSSING, timersOf(figure, now));
  }
}

const decide = async (tx: Tx, cases: readonly Case[]): Promise<void> => {
  for (let start = 0; start < cases.length; start += SET_SIZE) {
    const set = new Map(cases.slice(start, start + SET_SIZE).map((each) => [keyOf(each), each]));
    await tx.changeAll(attainmentsTable, [...set.keys()], (attainment, now, key) =>
      judge(attainment, set.get(key) as Case, now),
    );
  }
};

/**
 * A timer for each crossing that was still to come when the judging began: one that comes while it lasts fires at once. What had come
 * was declared; what is closed crosses nothing.
 */
const timersOf = (figure: Figure, now: Instant): TimerSetting[] =>
  [...figure.crossings].map(([allowance, at]) => ({
    key: `${figure.id}|${allowance}`,
    dueAt: figure.status === 'open' && at !== null && at > now ? at : null,
  }));

const isToCome = ({ dueAt }: TimerSetting): boolean => dueAt !== null;
