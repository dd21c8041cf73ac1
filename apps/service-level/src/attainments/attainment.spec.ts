import fc from 'fast-check';
import { allowanceOfKey, leastOver } from '@underpin/kernel/measure/allowance';
import { assess, outcomeOf } from './assessment';
import { judge, unopened, type Attainment, type Clause } from './attainment';
import type { Figure } from './figure';
import { isFigureOf } from './figure';
import { AT_RISK, CRITERIA, DEEP_TIER, figure, figureWithOutage, OCTOBER, TARGET } from './figures.fixtures';

const at = (text: string): number => Date.parse(text);
const clause: Clause = {
  agreement: 'payroll-sla',
  kind: 'SLA',
  service: 'payroll',
  provider: null,
  recipient: 'acme',
  term: 1,
};
const fresh = unopened({ agreement: 'payroll-sla', from: OCTOBER.from });

const given = (known: Attainment, of: Figure, now: number) =>
  judge(known, { clause, criteria: CRITERIA, figure: of }, now);
const types = ({ facts }: ReturnType<typeof given>): string[] => facts.map((fact) => fact.type);
const targetOf = ({ state }: ReturnType<typeof given>) => state.judged!.targets[0]!;

const DOWN = at('2026-10-13T14:00:00Z');
// October has 2,682,000 s: 99.9 % allows 2,682 s, three quarters of it are 2,011.5 s, 99.0 % allows 26,820 s.
const stillDown = figureWithOutage(DOWN, null);
const AT_RISK_AT = DOWN + 2_011_501;
const MISSED_AT = DOWN + 2_682_001;
const DEEPER_AT = DOWN + 26_820_001;

describe('while the period runs', () => {
  it.each([
    ['nothing is crossed a millisecond before', AT_RISK_AT - 1, 'measuring', null],
    ['at risk from the crossing of its share', AT_RISK_AT, 'at-risk', null],
    ['at risk a millisecond before it is missed', MISSED_AT - 1, 'at-risk', null],
    ['missed from the first millisecond over the allowance', MISSED_AT, 'missed', '99.9'],
    ['in the first tier a millisecond before the second', DEEPER_AT - 1, 'missed', '99.9'],
    ['in the second tier from its own crossing', DEEPER_AT, 'missed', '99.0'],
  ])('%s', (_what, now, state, tier) => {
    const verdict = assess(CRITERIA, stillDown, now).targets[0]!;
    expect(verdict.state).toBe(state);
    expect(verdict.tier?.below ?? null).toBe(tier);
    expect(verdict.missedAt).toBe(state === 'missed' ? MISSED_AT : null);
  });

  it('opens with its figure, and says so', () => {
    expect(given(fresh, figure(), DOWN)).toMatchObject({
      state: { revision: 1, judged: { status: 'open', targets: [{ state: 'measuring', usedBpMs: 0n }] } },
      facts: [{ type: 'opened', at: OCTOBER.from }],
    });
  });

  it('knows when it was missed in the world, and when that was declared', () => {
    const missed = given(fresh, stillDown, MISSED_AT + 700);
    expect(missed.facts[0]).toEqual({ type: 'missed', at: MISSED_AT });
    expect(targetOf(missed)).toMatchObject({ missedAt: MISSED_AT, declaredAt: MISSED_AT + 700 });
    const deeper = given(missed.state, stillDown, DEEPER_AT);
    expect(deeper.facts).toEqual([{ type: 'tier-reached', at: DEEPER_AT }]);
    expect(targetOf(deeper)).toMatchObject({ declaredAt: MISSED_AT + 700, tier: { credit: '25' } });
  });

  it('has no new revision for downtime that changes nothing', () => {
    const open = given(fresh, figure(), DOWN).state;
    const used = given(open, figureWithOutage(DOWN, DOWN + 1_000, { revision: 2 }), DOWN + 2_000);
    expect(used.facts).toEqual([]);
    expect(used.state).toBe(open);
  });

  it('takes a declared miss back when the outage turns out to have been shorter', () => {
    const missed = given(fresh, stillDown, MISSED_AT).state;
    const corrected = given(missed, figureWithOutage(DOWN, MISSED_AT - 2, { revision: 2 }), MISSED_AT + 2_000);
    expect(types(corrected)).toEqual(['miss-withdrawn', 'at-risk']);
    expect(targetOf(corrected)).toMatchObject({ state: 'at-risk', missedAt: null, declaredAt: null, tier: null });
  });

  it('says that the miss moved when a correction moves it', () => {
    const missed = given(fresh, stillDown, MISSED_AT).state;
    const moved = given(missed, figureWithOutage(DOWN - 1_000, null, { revision: 2 }), MISSED_AT + 5_000);
    expect(types(moved)).toEqual(['revised']);
    expect(targetOf(moved)).toMatchObject({ missedAt: MISSED_AT - 1_000, declaredAt: MISSED_AT });
  });

  it('does not take a miss back because the clock of another process is behind', () => {
    const missed = given(fresh, stillDown, MISSED_AT).state;
    expect(given(missed, stillDown, MISSED_AT - 40).facts).toEqual([]);
  });

  it('waits for the crossings of an allowance that the figure does not watch yet', () => {
    const unwatched = { ...stillDown, crossings: new Map() };
    expect(assess(CRITERIA, unwatched, DEEPER_AT).targets[0]).toMatchObject({ state: 'measuring', tier: null });
  });
});

describe('at the close the rule itself decides', () => {
  const agreedMs = OCTOBER.to - OCTOBER.from;
  const over = (key: string): bigint => leastOver(agreedMs, allowanceOfKey(key));
  const closed = (downBpMs: bigint, but: Partial<Figure> = {}): Figure =>
    figure({
      status: 'closed',
      downBpMs,
      crossings: new Map([
        [TARGET, MISSED_AT],
        [AT_RISK, AT_RISK_AT],
        [DEEP_TIER, null],
      ]),
      ...but,
    });

  it.each([
    ['no downtime is met', 0n, 'met', null],
    ['all of the budget is met: equality is met', over(TARGET) - 1n, 'met', null],
    ['one basis point of a millisecond more is missed', over(TARGET), 'missed', '99.9'],
    ['all that the first tier allows is still the first tier', over(DEEP_TIER) - 1n, 'missed', '99.9'],
    ['one basis point of a millisecond more is the second', over(DEEP_TIER), 'missed', '99.0'],
    ['everything down is the deepest tier', BigInt(agreedMs) * 10_000n, 'missed', '99.0'],
  ])('%s', (_what, down, state, tier) => {
    const verdict = assess(CRITERIA, closed(down), 0).targets[0]!;
    expect(verdict.state).toBe(state);
    expect(verdict.tier?.below ?? null).toBe(tier);
  });

  it('is the same arithmetic as D · den > A · 10000 · num', () => {
    const budget = (BigInt(agreedMs) * 10_000n) / 1000n;
    expect(over(TARGET)).toBe(budget + 1n);
  });

  it('is not measured without agreed time, whatever was down', () => {
    expect(assess(CRITERIA, closed(5n, { agreedMs: 0 }), 0).targets[0]).toMatchObject({
      state: 'not-measured',
      tier: null,
      missedAt: null,
    });
  });

  it('closes once, and says from then on only that more is known', () => {
    const first = given(fresh, closed(over(TARGET)), OCTOBER.to + 1);
    expect(types(first)).toEqual(['closed', 'missed', 'tier-reached', 'opened']);
    expect(first.state.judged).toMatchObject({ status: 'closed', closed: { revision: 1, at: OCTOBER.to + 1 } });

    const later = given(first.state, closed(over(TARGET), { restatementPending: true, revision: 9 }), OCTOBER.to + 5);
    expect(later.facts).toEqual([{ type: 'restated', at: OCTOBER.to + 5 }]);
    expect(later.state.judged).toEqual({ ...first.state.judged, restatementPending: true, asOf: OCTOBER.to + 5 });
    expect(given(later.state, closed(0n, { restatementPending: true }), OCTOBER.to + 9).facts).toEqual([]);
  });

  it('does not know when it was missed if nobody watched before the close, until somebody has', () => {
    const unwatched = given(fresh, closed(over(TARGET), { crossings: new Map() }), OCTOBER.to + 1);
    expect(targetOf(unwatched)).toMatchObject({ state: 'missed', missedAt: null });
    const watched = given(unwatched.state, closed(over(TARGET)), OCTOBER.to + 2);
    expect(types(watched)).toEqual(['revised']);
    expect(targetOf(watched)).toEqual({ ...targetOf(unwatched), missedAt: MISSED_AT });
  });
});

describe('whatever the order in which figures come, and however often', () => {
  const version = fc.record({
    downFor: fc.integer({ min: 0, max: 40_000_000 }),
    open: fc.boolean(),
    closed: fc.boolean(),
    now: fc.integer({ min: 0, max: 60_000_000 }),
  });

  it('ends in the same verdict, as only the newest counts', () =>
    fc.assert(
      fc.property(
        fc.array(version, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (versions, picks) => {
          // Availability never reopens: from the first closed version on, all are closed with the same content.
          const firstClosed = versions.findIndex((v) => v.closed);
          const all = versions.map((v, i): Figure => {
            const isClosed = firstClosed >= 0 && i >= firstClosed;
            const { downFor, open } = isClosed ? versions[firstClosed]! : v;
            const content = figureWithOutage(DOWN, open && !isClosed ? null : DOWN + downFor, { revision: i + 1 });
            return isClosed ? { ...content, status: 'closed', restatementPending: i > firstClosed } : content;
          });
          const end = OCTOBER.to + 1;
          const newest = all.at(-1)!;
          const final = (told: readonly Figure[]): Attainment => {
            let [state, heard] = [fresh, 0];
            told.forEach((each, i) => {
              if (each.revision <= heard) return; // not newer than what we have
              heard = each.revision;
              state = given(state, each, DOWN + (versions[i % versions.length]?.now ?? 0)).state;
            });
            return given(state, newest, end).state;
          };
          const inOrder = final(all).judged!;
          const shuffled = final([...picks.map((pick) => all[pick % all.length]!), newest]).judged!;
          expect(outcomeOf(shuffled)).toBe(outcomeOf(inOrder));
          expect(outcomeOf(inOrder)).toBe(outcomeOf(given(fresh, newest, end).state.judged!));
        },
      ),
    ));
});

describe('the figure of a term', () => {
  const term = { from: at('2026-01-01T00:00:00Z'), to: at('2026-10-20T00:00:00Z') };
  const live = at('2025-01-01T00:00:00Z');

  it.each([
    ['is clipped to its end', { to: term.to }, term, live, true],
    ['is not the one that runs on for others', {}, term, live, false],
    ['is the whole period where the term goes on', {}, { ...term, to: null }, live, true],
    [
      'begins with the life of the service',
      { from: at('2026-10-05T00:00:00Z') },
      { ...term, to: null },
      at('2026-10-05T00:00:00Z'),
      true,
    ],
    [
      'is not that of an agreement which began later',
      { from: at('2026-10-05T00:00:00Z') },
      { ...term, to: null },
      live,
      false,
    ],
  ])('%s', (_what, but, effective, liveSince, expected) => {
    expect(isFigureOf(figure(but), effective, liveSince)).toBe(expected);
  });
});
