import fc from 'fast-check';
import { DomainError, shown } from '../errors';
import { addDuration, durationOf, exactLength, isDuration } from './duration';
import { EARLIEST, instantOf, iso, LATEST } from './instant';

const codeOf = (attempt: () => unknown): string | undefined => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return undefined;
};

describe('an instant', () => {
  it.each([
    ['2026-10-13T14:00:00Z', '2026-10-13T14:00:00.000Z'],
    ['2026-10-13T16:00:00+02:00', '2026-10-13T14:00:00.000Z'],
    ['2026-10-13t09:30:00.5-04:30', '2026-10-13T14:00:00.500Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
    ['2024-01-01T00:00:00.123999999Z', '2024-01-01T00:00:00.123Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000Z'],
  ])('is read from %s', (text, utc) => expect(iso(instantOf(text))).toBe(utc));

  it.each([
    ['', 'instant.malformed'],
    ['2026-10-13', 'instant.malformed'],
    ['2026-10-13T14:00:00', 'instant.malformed'],
    ['2026-10-13 14:00:00Z', 'instant.malformed'],
    ['2026-10-13T14:00Z', 'instant.malformed'],
    ['2023-02-29T00:00:00Z', 'instant.malformed'],
    ['2026-04-31T00:00:00Z', 'instant.malformed'],
    ['2026-13-01T00:00:00Z', 'instant.malformed'],
    ['2026-00-10T00:00:00Z', 'instant.malformed'],
    ['2026-10-13T24:00:00Z', 'instant.malformed'],
    ['2026-10-13T23:59:60Z', 'instant.malformed'],
    ['2026-10-13T14:00:00+24:00', 'instant.malformed'],
    ['+275760-09-13T00:00:00Z', 'instant.malformed'],
    ['1e309', 'instant.malformed'],
    ['0000-06-01T00:00:00Z', 'instant.out-of-range'],
    ['9999-12-31T23:59:59.999-00:01', 'instant.out-of-range'],
  ])('is refused from "%s"', (text, code) => expect(codeOf(() => instantOf(text))).toBe(code));

  it.each([[null], [undefined], [1_700_000_000_000], [NaN], [{}]])('is refused from %p, which is no text', (value) =>
    expect(codeOf(() => instantOf(value as string))).toBe('instant.malformed'),
  );

  it('survives being written and read', () =>
    fc.assert(fc.property(fc.integer({ min: EARLIEST, max: LATEST }), (t) => expect(instantOf(iso(t))).toBe(t))));
});

describe('a duration', () => {
  it('is read in its parts', () =>
    expect(durationOf('P1Y2M3W4DT5H6M7.089S')).toEqual({
      years: 1,
      months: 2,
      weeks: 3,
      days: 4,
      ms: ((5 * 60 + 6) * 60 + 7) * 1000 + 89,
    }));

  it.each(['', 'P', 'PT', 'P1', '7D', 'P-1D', '-P1D', 'P1.5D', 'P1DT', 'PT1D', 'P1234567D', 'p7d', 'P7D '])(
    'is refused from "%s"',
    (text) => {
      expect(isDuration(text)).toBe(false);
      expect(codeOf(() => durationOf(text))).toBe('duration.malformed');
    },
  );

  it('has a fixed length only in hours, minutes and seconds', () => {
    expect(exactLength('PT24H')).toBe(86_400_000);
    expect(exactLength('PT0S')).toBe(0);
    expect(codeOf(() => exactLength('P1D'))).toBe('duration.not-exact');
  });

  it.each([
    // Berlin: 2024-03-31 02:00 -> 03:00 and 2024-10-27 03:00 -> 02:00
    ['2024-03-30T12:00:00+01:00', 'P1D', 'Europe/Berlin', '2024-03-31T12:00:00+02:00'],
    ['2024-03-30T12:00:00+01:00', 'PT24H', 'Europe/Berlin', '2024-03-31T13:00:00+02:00'],
    ['2024-03-30T02:30:00+01:00', 'P1D', 'Europe/Berlin', '2024-03-31T03:30:00+02:00'],
    ['2024-10-26T12:00:00+02:00', 'P1DT1H', 'Europe/Berlin', '2024-10-27T13:00:00+01:00'],
    ['2024-01-31T00:00:00Z', 'P1M', 'UTC', '2024-02-29T00:00:00Z'],
    ['2024-02-29T00:00:00Z', 'P1Y', 'UTC', '2025-02-28T00:00:00Z'],
    ['2026-11-01T00:00:00+01:00', 'P7D', 'Europe/Berlin', '2026-11-08T00:00:00+01:00'],
    ['2011-12-29T12:00:00-10:00', 'P2D', 'Pacific/Apia', '2011-12-31T12:00:00+14:00'],
  ])('%s + %s in %s is %s', (instant, duration, zone, later) =>
    expect(iso(addDuration(instantOf(instant), duration, zone))).toBe(iso(instantOf(later))),
  );

  it.each([
    ['P7D', 'Nowhere/Zone', 'zone.unknown'],
    ['P999999Y', 'UTC', 'instant.out-of-range'],
    ['P9000Y', 'UTC', 'instant.out-of-range'],
    ['seven days', 'UTC', 'duration.malformed'],
  ])('%s in %s is refused: %s', (duration, zone, code) =>
    expect(codeOf(() => addDuration(Date.parse('2024-01-01T00:00:00Z'), duration, zone))).toBe(code),
  );
});

it('a message shows any value, and never a long one in full', () => {
  expect(['1e309', NaN, null, undefined, 10n].map(shown)).toEqual(['"1e309"', 'NaN', 'null', 'undefined', '10']);
  expect(shown('x'.repeat(10_000_000)).length).toBe(80);
});
