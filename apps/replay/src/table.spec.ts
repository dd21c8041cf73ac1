import { finished, barOf } from './progress';
import { durationText, tableOf } from './table';

const row = {
  service: 'API',
  period: '2024-Q1',
  agreedMs: 1_000_000,
  downtimeMs: 1_001,
  outages: 2,
  met: false,
  creditPercent: 12.5,
  open: false,
  credit: '125.00 EUR',
  restatementPending: false,
};

describe('the table', () => {
  it('names a service once, cuts availability off, and says what is not over', () =>
    expect(
      tableOf([
        row,
        { ...row, period: '2024-Q2', downtimeMs: 0, outages: 0, met: true, creditPercent: 0, credit: null, open: true },
      ]),
    ).toBe(
      [
        '  Service  Period      Downtime  Availability  Outages  Target                           Credit',
        '  -------  -------  -----------  ------------  -------  ------------------  -------------------',
        '  API      2024-Q1  0:00:01.001     99.8999 %        2  MISSED              12.5 % = 125.00 EUR',
        '           2024-Q2      0:00:00    100.0000 %        0  met (not over yet)',
      ].join('\n'),
    ));

  it.each([
    [0, '0:00:00'],
    [250, '0:00:00.250'],
    [15_120_000, '4:12:00'],
    [360_000_000, '100:00:00'],
  ])('shows %p ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));
});

describe('progress', () => {
  it('is a bar that never overflows, also where there is nothing to do', () => {
    expect(barOf('Play', 1, 4, 'reports')).toBe(`  Play [${'#'.repeat(7)}${'.'.repeat(23)}] 25 % (1 of 4 reports)`);
    expect(barOf('Play', 0, 0, 'reports')).toContain('100 %');
  });
  it('ends with how much and how fast', () =>
    expect(finished(2_394, 'reports', 3_200)).toBe('2,394 reports in 3.2 s (748 a second)'));
});
