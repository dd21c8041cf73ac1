import { type Aim, type Spread, spreadOf, ratios } from './arithmetic';

/** One line of the page: what was measured, against what, and what came of it. */
export interface Finding {
  readonly what: string;
  /** In `unit`: what the product does. */
  readonly ours: Spread;
  /** What it is measured against, in the same unit; null: a figure of its own. */
  readonly floor: Spread | null;
  readonly floorIs: string | null;
  readonly unit: string;
  /** Pair by pair; null: a figure of its own. */
  readonly ratio: Spread | null;
  /** Null: only reported. */
  readonly aim: Aim | null;
}

/** What one part of the benchmark has found, and what the page says about how. */
export interface Part {
  readonly name: string;
  readonly title: string;
  readonly how: readonly string[];
  readonly findings: readonly Finding[];
  /** Where the time goes: preformatted lines, from `--why` or measured anyway. */
  readonly where: readonly string[];
}

/** How a part is to run. */
export interface Terms {
  /** A smoke run: everything runs, its figures mean little. */
  readonly isShort: boolean;
  /** Say where the time goes as well. */
  readonly why: boolean;
  readonly say: (line: string) => void;
}

export interface Compared {
  readonly what: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly floor: readonly number[];
  readonly floorIs: string;
  readonly aim?: Aim;
}

/** A finding from measurements that were made in pairs. */
export const compared = ({ what, unit, ours, floor, floorIs, aim }: Compared): Finding => ({
  what,
  unit,
  ours: spreadOf(ours),
  floor: spreadOf(floor),
  floorIs,
  ratio: spreadOf(ratios(ours, floor)),
  aim: aim ?? null,
});

/** A finding that stands for itself. */
export const reported = (what: string, unit: string, ours: readonly number[]): Finding => ({
  what,
  unit,
  ours: spreadOf(ours),
  floor: null,
  floorIs: null,
  ratio: null,
  aim: null,
});
