import { Interval } from '../time/interval';
import { Episode } from './episodes';
import { BpMs, stepsWithin, WeightStep } from './weight-steps';

/**
 * Downtime D = Σ w(t) over the agreed time, in bp·ms.
 *
 * @param open the agreed time: service hours inside the period, finite
 */
export const downBpMs = (steps: readonly WeightStep[], open: readonly Interval[]): BpMs =>
  stepsWithin(steps, open).reduce((sum, step) => sum + weighed(step), 0n);

/** How long, in ms of agreed time, anything was down at all, whatever its weight. */
export const downMs = (steps: readonly WeightStep[], open: readonly Interval[]): number =>
  stepsWithin(steps, open).reduce((sum, { start, end }) => sum + (end - start), 0);

/** An episode with what of it counts in one period. */
export interface EpisodeDowntime {
  readonly episode: Episode;
  readonly downBpMs: BpMs;
  readonly downMs: number;
}

/**
 * What each episode counts in the agreed time; an episode wholly outside counts 0. The sum over all episodes is
 * `downBpMs` of all their steps.
 *
 * @param episodes ascending, as `episodes()` returns them
 */
export const downtimeByEpisode = (episodes: readonly Episode[], open: readonly Interval[]): EpisodeDowntime[] => {
  const segments = stepsWithin(
    episodes.flatMap(({ steps }) => steps),
    open,
  );
  let next = 0;
  return episodes.map((episode) => {
    let [bpMs, ms] = [0n, 0];
    for (; next < segments.length && segments[next]!.start < episode.end; next++) {
      const segment = segments[next]!;
      bpMs += weighed(segment);
      ms += segment.end - segment.start;
    }
    return { episode, downBpMs: bpMs, downMs: ms };
  });
};

/** The episode that was down longest in agreed time; the first of equals; null when none counts. */
export const longest = (downtimes: readonly EpisodeDowntime[]): EpisodeDowntime | null =>
  downtimes.reduce<EpisodeDowntime | null>((max, each) => (each.downMs > (max?.downMs ?? 0) ? each : max), null);

const weighed = ({ start, end, weightBp }: WeightStep): BpMs => BigInt(end - start) * BigInt(weightBp);
