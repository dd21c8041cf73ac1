import { portionsOf, wavesOf } from './delivery';
import type { Report } from './plan';

const reports: Report[] = Array.from({ length: 20 }, (_, i) => ({
  source: 's',
  externalId: `i-${Math.floor(i / 2)}`,
  service: 'x',
  sequence: 1 + (i % 2),
  ...(i % 2 === 0
    ? { occurredAt: `2024-01-01T00:00:${10 + i}.000Z` }
    : { restoredAt: `2024-01-01T00:00:${10 + i}.000Z` }),
}));
const plain = { shuffle: null, repeat: 1, late: false };
const counted = (list: readonly Report[]) => {
  const counts = new Map<Report, number>();
  for (const report of list) counts.set(report, (counts.get(report) ?? 0) + 1);
  return counts;
};

describe('the delivery of reports', () => {
  it('is in the order of telling where nothing else is wanted', () =>
    expect(wavesOf(reports, plain)).toEqual([reports]));

  it('is in another order, the same for the same seed', () => {
    const [order] = wavesOf(reports, { ...plain, shuffle: 'a' });
    expect(order).not.toEqual(reports);
    expect(wavesOf(reports, { ...plain, shuffle: 'a' })).toEqual([order]);
    expect(wavesOf(reports, { ...plain, shuffle: 'b' })).not.toEqual([order]);
    expect(new Set(order)).toEqual(new Set(reports));
  });

  it('brings each report as often as wanted', () =>
    expect([...counted(wavesOf(reports, { shuffle: 'a', repeat: 3, late: true }).flat()).values()]).toEqual(
      reports.map(() => 3),
    ));

  it('brings some openings and some restorations after all others, which are of later incidents', () => {
    const [, late] = wavesOf(reports, { ...plain, late: true });
    expect(late!.some(({ occurredAt }) => occurredAt !== undefined)).toBe(true);
    expect(late!.some(({ restoredAt }) => restoredAt !== undefined)).toBe(true);
    expect(late).not.toContain(reports.at(-1));
    expect(late!.length).toBeLessThan(reports.length / 2);
  });

  it('is cut into portions that the door takes', () =>
    expect(portionsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]));
});
