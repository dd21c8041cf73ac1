/**
 * What a replay must come to, worked out a second time: interval arithmetic on the file alone, sharing nothing with the product, so
 * that an error there cannot be repeated here. Reads the JSON Lines as the README of the data tells.
 */
export interface Question {
  readonly target: string;
  readonly period: 'month' | 'quarter';
  readonly zone: string;
  readonly tiers: readonly { readonly below: string; readonly percent: string }[];
  /** Local date in the zone. */
  readonly from: string;
}

export interface ExpectedRow {
  readonly service: string;
  readonly period: string;
  readonly agreedMs: number;
  readonly downtimeMs: number;
  readonly outages: number;
  readonly met: boolean;
  readonly creditPercent: number;
}

/** The public commitment that the history is held against. */
export const COMMITMENT: Question = {
  target: '99.9',
  period: 'quarter',
  zone: 'UTC',
  tiers: [
    { below: '99.9', percent: '10' },
    { below: '99.0', percent: '25' },
  ],
  from: '2022-01-01',
};

type Span = readonly [start: number, end: number];

/** @param now the end of what is still down: its last period is then as of that moment */
export const expectedRows = (jsonLines: string, question: Question, now = Date.now()): ExpectedRow[] => {
  const incidents = jsonLines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(
      (line) =>
        JSON.parse(line) as { components: string[]; impact: string; startedAt: string; resolvedAt: string | null },
    );
  const counted = incidents.filter(
    ({ impact, components }) => /^(minor|major|critical)$/.test(impact) && components.length > 0,
  );
  const spanOf = (one: (typeof incidents)[number]): Span => [
    Date.parse(one.startedAt),
    one.resolvedAt == null ? now : Date.parse(one.resolvedAt),
  ];
  const end = Math.max(...counted.map((one) => Math.max(spanOf(one)[1], spanOf(one)[0] + 1)));
  const periods = periodsFrom(question, end);

  return [...new Set(incidents.flatMap(({ components }) => components))].sort().flatMap((service) => {
    const spans = counted.filter(({ components }) => components.includes(service)).map(spanOf);
    return periods.map(({ label, from, to }) => {
      const agreedMs = to - from;
      const downtimeMs = covered(spans, from, to);
      const outages = spans.filter(([start]) => from <= start && start < to).length;
      const below = (percent: string) => isBelow(agreedMs - downtimeMs, agreedMs, percent);
      const credits = question.tiers.filter((tier) => below(tier.below)).map(({ percent }) => Number(percent));
      return {
        service,
        period: label,
        agreedMs,
        downtimeMs,
        outages,
        met: !below(question.target),
        creditPercent: Math.max(0, ...credits),
      };
    });
  });
};

/** Length of the union of the spans within [from, to). */
const covered = (spans: readonly Span[], from: number, to: number): number => {
  let [length, reached] = [0, from];
  for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
    const [begin, until] = [Math.max(start, reached), Math.min(end, to)];
    if (until > begin) [length, reached] = [length + until - begin, until];
  }
  return length;
};

/** part / whole < percent, in whole numbers; equality is not below. */
const isBelow = (part: number, whole: number, percent: string): boolean => {
  const [units = '', decimals = ''] = percent.split('.');
  return BigInt(part) * 100n * 10n ** BigInt(decimals.length) < BigInt(whole) * BigInt(units + decimals);
};

const periodsFrom = ({ period, zone, from }: Question, end: number): { label: string; from: number; to: number }[] => {
  const [year = 0, month = 0] = from.split('-').map(Number);
  const months = period === 'quarter' ? 3 : 1;
  const periods = [];
  const begins = midnight(zone, from);
  for (let first = year * 12 + Math.floor((month - 1) / months) * months; ; first += months) {
    const [starts, to] = [midnight(zone, dayOne(first)), midnight(zone, dayOne(first + months))];
    if (Math.max(starts, begins) >= end) return periods;
    const [labelYear, labelMonth] = [Math.floor(first / 12), first % 12];
    const label = period === 'quarter' ? `${labelYear}-Q${labelMonth / 3 + 1}` : dayOne(first).slice(0, 7);
    periods.push({ label, from: Math.max(starts, begins), to });
  }
};

/** The first day of a month counted from the year 0. */
const dayOne = (months: number): string =>
  `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`;

const HALF = 15 * 3_600_000;

/** The first instant of a local day: searched for among the 30 hours around it, with nothing but what a clock on the wall shows. */
const midnight = (zone: string, day: string): number => {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  let [before, after] = [Date.parse(`${day}T00:00:00Z`) - HALF, Date.parse(`${day}T00:00:00Z`) + HALF];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wall.format(middle) < day) before = middle;
    else after = middle;
  }
  return after;
};
