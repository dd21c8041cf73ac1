import fc from 'fast-check';
import type { Instant } from '@underpin/kernel/time/instant';
import {
  attentionFor,
  claimOf,
  compareTellings,
  hear,
  measuredSpan,
  PHASES,
  stateOf,
  withReport,
  type Claims,
  type Outage,
  type OutageFact,
  type OutageReport,
} from './outage';
import { reportOf, type ToldReport } from './outage-report';

const NOW: Instant = Date.UTC(2026, 9, 13, 18);
const unheardOf: Outage = { id: '0', source: 'monitoring', externalId: 'INC-1', beliefs: {} };
const told = (says: Omit<ToldReport, 'source' | 'externalId'>): OutageReport =>
  reportOf({ source: 'monitoring', externalId: 'INC-1', ...says });
const at = (clock: string): string => `2026-10-13T${clock}:00Z`;

/** Tells one report after the other, and gives what is believed at the end with the facts of the last. */
const given = (...reports: OutageReport[]): { outage: Outage; facts: readonly OutageFact['type'][] } =>
  reports.reduce<{ outage: Outage; facts: OutageFact['type'][] }>(
    ({ outage }, report) => {
      const { state, facts } = hear(outage, report, NOW);
      return { outage: state, facts: facts.map((f) => f.type) };
    },
    { outage: unheardOf, facts: [] },
  );

describe('What is believed about an outage', () => {
  it('is what its source says', () => {
    const { outage, facts } = given(told({ toldAt: at('14:01'), service: 'payroll', occurredAt: at('14:00') }));
    expect(facts).toEqual(['reported']);
    expect(measuredSpan(outage)).toEqual({ service: 'payroll', start: Date.UTC(2026, 9, 13, 14), end: null });
  });

  it('is restored when the source says so', () => {
    const { outage, facts } = given(
      told({ toldAt: at('14:01'), service: 'payroll', occurredAt: at('14:00') }),
      told({ toldAt: at('14:51'), restoredAt: at('14:50') }),
    );
    expect(facts).toEqual(['restored']);
    expect(measuredSpan(outage)?.end).toBe(Date.UTC(2026, 9, 13, 14, 50));
  });

  it('is incomplete while only the restoration is known, and measured once the opening has come', () => {
    const restored = told({ toldAt: at('14:51'), restoredAt: at('14:50') });
    const before = given(restored).outage;
    expect([stateOf(before), measuredSpan(before)]).toEqual(['incomplete', null]);
    expect(attentionFor(before)).toEqual(['no start is known: tell occurredAt', 'no service is named: tell service']);
    const { outage } = given(restored, told({ toldAt: at('14:01'), service: 'payroll', occurredAt: at('14:00') }));
    expect(stateOf(outage)).toBe('measurable');
  });

  it('keeps what was said where a telling is silent, and takes it back where it says null', () => {
    const first = told({
      toldAt: at('14:01'),
      service: 'payroll',
      occurredAt: at('14:00'),
      party: 'hoster',
      cause: 'hardware',
    });
    const { outage, facts } = given(first, told({ toldAt: at('14:02'), cause: null }));
    expect([claimOf(outage, 'party'), claimOf(outage, 'cause')]).toEqual(['hoster', null]);
    expect(facts).toEqual(['corrected']);
  });

  it('stays withdrawn until a later telling says otherwise', () => {
    const opened = told({ sequence: 1, service: 'payroll', occurredAt: at('14:00') });
    const withdrawn = given(opened, told({ sequence: 2, withdrawn: true }));
    expect([stateOf(withdrawn.outage), withdrawn.facts]).toEqual(['withdrawn', ['withdrawn']]);
    expect(
      stateOf(given(opened, told({ sequence: 2, withdrawn: true }), told({ sequence: 3, cause: 'x' })).outage),
    ).toBe('withdrawn');
    expect(
      stateOf(given(opened, told({ sequence: 2, withdrawn: true }), told({ sequence: 3, withdrawn: false })).outage),
    ).toBe('measurable');
  });

  it('needs attention when it ends before it starts by the words of two tellings', () => {
    const { outage } = given(
      told({ sequence: 1, service: 'payroll', occurredAt: at('14:00') }),
      told({ sequence: 2, restoredAt: at('13:00') }),
    );
    expect(stateOf(outage)).toBe('incomplete');
    expect(attentionFor(outage)).toEqual([expect.stringContaining('lies before the start')]);
  });

  it('lets a telling without a sequence be overruled by any with one, whenever it was told', () =>
    expect(
      compareTellings(told({ toldAt: at('17:00'), cause: 'a' }).order, told({ sequence: 0, cause: 'b' }).order),
    ).toBeLessThan(0));

  it('does not change by what it was told already', () => {
    const report = told({ toldAt: at('14:01'), service: 'payroll', occurredAt: at('14:00') });
    expect(given(report, report).facts).toEqual([]);
  });

  it('depends on the set of tellings alone: not on their order, not on how often they came', () =>
    fc.assert(
      fc.property(fc.array(reports, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (set, dice) => {
        const often = set.flatMap((report) => (dice.next().value % 3 === 0 ? [report, report] : [report]));
        const shuffled = often.map((report) => ({ report, by: dice.next().value })).sort((a, b) => a.by - b.by);
        const believed = claims(
          shuffled.reduce((beliefs, { report }) => withReport(beliefs, report), {} as Outage['beliefs']),
        );
        expect(believed).toEqual(folded(set));
      }),
    ));
});

const reports: fc.Arbitrary<OutageReport> = fc
  .record(
    {
      sequence: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      toldAt: fc.integer({ min: 0, max: 3 }).map((n) => at(`1${n}:00`)),
      service: fc.constantFrom('payroll', 'crm', null),
      occurredAt: fc.constantFrom(at('09:00'), at('09:30'), null),
      restoredAt: fc.constantFrom(at('10:00'), at('11:00'), null),
      withdrawn: fc.boolean(),
    },
    { requiredKeys: ['toldAt', 'service'] },
  )
  .map((says) => told(says as ToldReport));

const claims = (beliefs: Outage['beliefs']): Partial<Claims> =>
  Object.fromEntries(Object.entries(beliefs).map(([claim, belief]) => [claim, belief?.value]));

/** The slow and obvious way: all tellings in the order of the design, each over what was there before. */
const folded = (set: readonly OutageReport[]): Partial<Claims> =>
  [...set]
    .sort((a, b) => compareTellings(a.order, b.order))
    .reduce((believed, { says }) => ({ ...believed, ...says }), {});

describe('A telling that makes no sense', () => {
  const hearing = (says: Omit<ToldReport, 'source' | 'externalId'>) => () => hear(unheardOf, told(says), NOW);

  it.each(PHASES)('is refused when %s is after now', (phase) =>
    expect(hearing({ sequence: 1, [phase]: '2026-10-13T18:01:00.001Z' })).toThrow(
      expect.objectContaining({ code: 'outage.in-the-future' }),
    ),
  );

  it('may be ahead of our clock by a minute', () =>
    expect(hearing({ sequence: 1, occurredAt: '2026-10-13T18:01:00Z' })).not.toThrow());

  it.each([
    ['neither toldAt nor sequence', { service: 'payroll' }, 'outage.order-missing'],
    ['nothing about the outage', { sequence: 1 }, 'outage.says-nothing'],
    [
      'an end before the start',
      { sequence: 1, occurredAt: at('14:00'), restoredAt: at('13:59') },
      'outage.ends-before-it-starts',
    ],
    ['a start before services were measured', { sequence: 1, occurredAt: '1999-12-31T23:59:59Z' }, 'outage.too-early'],
    ['an instant without an offset', { sequence: 1, occurredAt: '2026-10-13T14:00:00' }, 'instant.malformed'],
  ])('is refused with its code: %s', (_what, says, code) =>
    expect(hearing(says)).toThrow(expect.objectContaining({ code })),
  );
});
