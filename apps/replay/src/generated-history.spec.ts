import { generatedHistory } from './generated-history';
import { readHistory } from './reading/read-history';

const shape = { seed: '1', incidents: 2_000, services: 12, from: Date.UTC(2022, 0, 1), to: Date.UTC(2025, 0, 1) };

describe('a generated history', () => {
  const lines = [...generatedHistory(shape)];
  const { incidents } = readHistory(lines.join('\n'), Date.UTC(2025, 5, 1));

  it('is the same for the same shape, and another for another seed', () => {
    expect([...generatedHistory(shape)]).toEqual(lines);
    expect([...generatedHistory({ ...shape, seed: '2' })]).not.toEqual(lines);
  });

  it('can be played, and has every oddity', () => {
    expect(incidents).toHaveLength(2_000);
    const outages = incidents.flatMap(({ outage }) => outage ?? []);
    expect(outages.some(({ start, end }) => start === end)).toBe(true);
    expect(outages.some(({ end }) => end! % 60_000 !== 0)).toBe(true);
    expect(incidents.some(({ outage }) => outage === null)).toBe(true);
    expect(new Set(incidents.map(({ components }) => components.length))).toEqual(new Set([0, 1, 2, 3]));
  });
});
