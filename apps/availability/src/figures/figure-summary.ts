import { availability, reliability } from '@underpin/kernel/measure/reliability';
import type { BpMs } from '@underpin/kernel/measure/weight-steps';
import type { Ratio } from '@underpin/kernel/ratio';
import { standing, type Figure, type FigureContent } from './figure';

/** What people read off a figure: means in ms, cut off; null where nothing failed. */
export interface FigureSummary {
  readonly content: FigureContent;
  /** Downtime in bp·ms until it was counted. */
  readonly down: BpMs;
  readonly mtrsMs: number | null;
  readonly mtbfMs: number | null;
  readonly mtbsiMs: number | null;
  /** Available share of the agreed time, exact; null without agreed time. */
  readonly achieved: Ratio | null;
}

/** Reads a figure: once it is closed, what it was closed with. */
export const figureSummary = (figure: Figure, down = standing(figure).down): FigureSummary => {
  const content = standing(figure);
  const { mtrs, mtbf, mtbsi } = reliability(figure.agreedMs, down, content.episodes);
  return {
    content,
    down,
    mtrsMs: wholeMs(mtrs),
    mtbfMs: wholeMs(mtbf),
    mtbsiMs: wholeMs(mtbsi),
    achieved: availability(figure.agreedMs, down),
  };
};

const wholeMs = (mean: Ratio | null): number | null => (mean === null ? null : Number(mean.num / mean.den));
