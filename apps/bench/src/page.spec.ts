import { isMet, median, ratios, shown, spreadOf } from './arithmetic';
import { compared, reported } from './finding';
import { lineOf, pageOf, tableOf } from './page';

describe('the arithmetic of a comparison', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 1, 1_000], 10],
  ])('the median of %j is %d', (values, expected) => expect(median(values)).toBe(expected));

  it('has no median of nothing', () => expect(() => median([])).toThrow('Nothing was measured'));

  it('pairs each measurement with the one beside it, so that a machine that slows down changes no ratio', () =>
    expect(ratios([100, 50, 25], [200, 100, 50])).toEqual([0.5, 0.5, 0.5]));

  it('pairs no measurement with nothing', () => expect(() => ratios([1], [])).toThrow('cannot be paired'));

  it('tells how far measurements spread', () => expect(spreadOf([2, 9, 4])).toEqual({ median: 4, least: 2, most: 9 }));

  it('meets an aim at equality', () => {
    expect([isMet({ atLeast: 0.8 }, 0.8), isMet({ atLeast: 0.8 }, 0.79)]).toEqual([true, false]);
    expect([isMet({ atMost: 1.2 }, 1.2), isMet({ atMost: 1.2 }, 1.21)]).toEqual([true, false]);
  });

  it('shows three digits that count', () =>
    expect([12_345.6, 123.4, 12.34, 1.234, 0.1234].map(shown)).toEqual(['12,346', '123', '12.3', '1.23', '0.123']));
});

describe('the page', () => {
  const relay = compared({
    what: 'the relay',
    unit: 'records/s',
    ours: [80, 90, 70],
    floor: [100, 100, 100],
    floorIs: 'a bare producer',
    aim: { atLeast: 0.8 },
  });
  const slower = { ...relay, aim: { atLeast: 0.9 } };
  const alone = reported('replay', 'incidents/s', [700]);

  it('escapes what would end a cell', () => expect(tableOf(['a'], [['b|c']])).toBe('| a |\n| --- |\n| b\\|c |'));

  it('says of each aim whether it is met, and of a figure of its own that it is reported', () => {
    const machine = { facts: { processors: '2 × some' }, versions: { Node: 'v20' } };
    const part = {
      name: 'relay',
      title: 'Relay',
      how: ['So.'],
      findings: [relay, slower, alone],
      where: ['gzip 40 %'],
    };
    const page = pageOf(machine, [part], true);
    expect(page).toContain(
      '| the relay, to a bare producer | records/s | 80.0 | 100 | **0.800** (0.700 to 0.900) | at least 0.8 | met |',
    );
    expect(page).toContain('| at least 0.9 | missed |');
    expect(page).toContain('| replay | incidents/s | 700 |  |  | reported |  |');
    expect(page).toContain('| processors | 2 × some |');
    expect(page).toContain('```text\ngzip 40 %\n```');
    expect(page).toContain('A short run');
  });

  it('says of a part that failed that it was not measured, without an empty table', () => {
    const part = { name: 'put', title: 'put', how: ['Not measured in this run: no broker'], findings: [], where: [] };
    expect(pageOf({ facts: {}, versions: {} }, [part], false)).toMatch(
      /## put\n\nNot measured in this run: no broker\n$/,
    );
  });

  it('is told on the terminal line by line', () => {
    expect(lineOf(relay)).toBe(
      'the relay, to a bare producer: 0.800 (0.700 to 0.900) = 80.0 / 100 records/s; at least 0.8: met',
    );
    expect(lineOf(alone)).toBe('replay: 700 incidents/s');
  });
});
