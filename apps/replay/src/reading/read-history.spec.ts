import { readHistory } from './read-history';

const NOW = Date.parse('2024-06-01T00:00:00Z');
const at = (text: string) => Date.parse(text);
const lines = (...incidents: object[]) => incidents.map((incident) => JSON.stringify(incident)).join('\n');
const incident = (other: object = {}) => ({
  id: '1',
  components: ['Actions'],
  impact: 'minor',
  startedAt: '2024-03-01T10:00:00Z',
  resolvedAt: '2024-03-01T11:00:00Z',
  ...other,
});
const refusalOf = (text: string): string => {
  try {
    readHistory(text, NOW);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

describe('JSON Lines', () => {
  const outageOf = (other: object) => readHistory(lines(incident(other)), NOW).incidents[0]!.outage;

  it.each(['minor', 'major', 'critical'])('reads an incident of impact %s as an outage from start to end', (impact) =>
    expect(outageOf({ impact })).toEqual({ start: at('2024-03-01T10:00:00Z'), end: at('2024-03-01T11:00:00Z') }),
  );

  it.each(['none', 'maintenance'])('reads impact %s as no outage, whatever its times say', (impact) =>
    expect(outageOf({ impact, startedAt: '2030-01-01T00:00:00Z', resolvedAt: '1970-01-01T00:00:00Z' })).toBeNull(),
  );

  it('goes by the times of the incident, not by those of its updates', () =>
    expect(
      outageOf({
        updates: [
          { at: '2024-03-01T10:30:00Z', status: 'Investigating' },
          { at: '2024-03-01T12:00:00Z', status: 'Resolved' },
        ],
      }),
    ).toEqual({
      start: at('2024-03-01T10:00:00Z'),
      end: at('2024-03-01T11:00:00Z'),
    }));

  it('keeps milliseconds and reads offsets', () =>
    expect(outageOf({ startedAt: '2024-03-01T10:00:00.001+01:00' })!.start).toBe(at('2024-03-01T09:00:00.001Z')));

  it.each([[null], [undefined]])('reads a resolvedAt of %p as still down', (resolvedAt) =>
    expect(outageOf({ resolvedAt })!.end).toBeNull(),
  );

  it('keeps an outage without length', () =>
    expect(outageOf({ resolvedAt: '2024-03-01T10:00:00Z' })).toEqual({
      start: at('2024-03-01T10:00:00Z'),
      end: at('2024-03-01T10:00:00Z'),
    }));

  it('takes a component that is named twice once, and an incident that is told twice once', () =>
    expect(
      readHistory(
        lines(incident({ components: ['B', 'A', 'B'] }), incident({ components: ['B', 'A', 'B'] })),
        NOW,
      ).incidents.map(({ components }) => components),
    ).toEqual([['B', 'A']]));

  it('passes over empty lines, a byte order mark and the line ends of Windows', () =>
    expect(
      readHistory(`\uFEFF${lines(incident())}\r\n\r\n${lines(incident({ id: '2' }))}\r\n`, NOW).incidents,
    ).toHaveLength(2));

  it.each([
    ['what is not JSON', `${lines(incident())}\n{"id":`, 'Line 2: "{\\"id\\":" is not JSON'],
    ['what is no object', '[1]', 'Line 1: [1] is not a JSON object'],
    ['no id', lines(incident({ id: '' })), 'Line 1: "id" is ""'],
    ['no components', lines(incident({ components: undefined })), 'Line 1: "components" is missing'],
    ['components without a name', lines(incident({ components: [null] })), 'Line 1: "components" holds null'],
    [
      'another impact',
      lines(incident({ impact: 'huge' })),
      'Line 1: "impact" is "huge": it is one of none, maintenance, minor, major, critical',
    ],
    ['no start', lines(incident({ startedAt: null })), 'Line 1: "startedAt" is null'],
    [
      'a day that no calendar has',
      lines(incident({ startedAt: '2024-02-30T00:00:00Z' })),
      'Line 1: "startedAt": "2024-02-30T00:00:00Z" is not a point in time',
    ],
    [
      'a local time',
      lines(incident({ startedAt: '2024-03-01T10:00:00' })),
      'Line 1: "startedAt": "2024-03-01T10:00:00" is not a point in time',
    ],
    [
      'an end before the start',
      lines(incident({ resolvedAt: '2024-03-01T09:59:00Z' })),
      'Line 1: it ends (2024-03-01T09:59:00.000Z) before it begins',
    ],
    [
      'the future',
      lines(incident({ resolvedAt: '2024-06-01T00:00:00.001Z' })),
      'Line 1: it ends at 2024-06-01T00:00:00.001Z, which is in the future',
    ],
    [
      'the last century',
      lines(incident({ startedAt: '1999-12-31T23:59:59Z' })),
      'Line 1: it begins at 1999-12-31T23:59:59.000Z, before 2000-01-01',
    ],
    [
      'an id that names two incidents',
      lines(incident(), incident({ impact: 'none' })),
      'Line 2: incident "1" is told otherwise than in line 1',
    ],
    ['an empty file', '\n', 'The file holds no incident'],
  ])('refuses %s, and says where', (_name, text, sentence) => {
    expect(refusalOf(text)).toContain(sentence);
    expect(refusalOf(text)).toContain('Nothing was sent.');
  });
});

describe('Statuspage v2', () => {
  const page = (...incidents: object[]) => JSON.stringify({ page: { id: 'p' }, incidents }, null, 2);
  const published = (other: object = {}) => ({
    id: 'p31zjtct2jer',
    name: 'Delays',
    status: 'resolved',
    impact: 'major',
    created_at: '2024-03-01T10:05:00.123Z',
    started_at: '2024-03-01T10:00:00.000Z',
    resolved_at: '2024-03-01T11:00:00.000Z',
    components: [
      { id: 'x', name: 'API' },
      { id: 'y', name: 'Web' },
    ],
    incident_updates: [
      { status: 'resolved', created_at: '2024-03-01T11:02:00.000Z' },
      { status: 'investigating', created_at: '2024-03-01T10:05:00.123Z' },
    ],
    ...other,
  });
  const read = (other: object = {}) => readHistory(page(published(other)), NOW).incidents[0]!;

  it('is recognised by its content and read by the same rules', () => {
    expect(readHistory(page(published()), NOW)).toEqual({
      format: 'Statuspage v2',
      incidents: [
        {
          id: 'p31zjtct2jer',
          components: ['API', 'Web'],
          outage: { start: at('2024-03-01T10:00:00Z'), end: at('2024-03-01T11:00:00Z') },
        },
      ],
    });
    expect(read({ impact: 'maintenance', status: 'scheduled' }).outage).toBeNull();
    expect(read({ impact: 'none' }).outage).toBeNull();
  });

  it('begins when it was created where no start is given', () =>
    expect(read({ started_at: undefined }).outage!.start).toBe(at('2024-03-01T10:05:00.123Z')));

  it.each(['investigating', 'identified', 'monitoring'])('is still down while it is %s', (status) =>
    expect(read({ status, resolved_at: null }).outage!.end).toBeNull(),
  );

  it.each(['resolved', 'postmortem'])('ends with the update that resolved it where it is %s without a time', (status) =>
    expect(read({ status, resolved_at: null }).outage!.end).toBe(at('2024-03-01T11:02:00Z')),
  );

  it('takes the components from the updates where the incident has no list', () =>
    expect(
      read({
        components: undefined,
        incident_updates: [
          { affected_components: [{ name: 'API' }] },
          { affected_components: [{ name: 'API' }, { name: 'Web' }] },
          { affected_components: null },
        ],
      }).components,
    ).toEqual(['API', 'Web']));

  it.each([
    [
      'an incident that is over without a time',
      published({ resolved_at: null, incident_updates: [] }),
      'Incident 2: it is resolved, and neither',
    ],
    ['a component without a name', published({ components: [{ id: 'x' }] }), 'Incident 2: "components" holds missing'],
  ])('refuses %s, and says where', (_name, second, sentence) =>
    expect(refusalOf(page(published({ id: 'first' }), second))).toContain(sentence),
  );
});
