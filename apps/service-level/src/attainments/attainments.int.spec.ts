import { attainments } from '@underpin/contracts/service-level/attainment.v1';
import { parsePayload } from '@underpin/contracts/subject';
import { iso } from '@underpin/kernel/time/instant';
import { eventually } from '@underpin/testing/eventually';
import { Trial } from '../trial.fixtures';
import { AT_RISK, DEEP_TIER, figure, figureWithOutage, OCTOBER, TARGET, told } from './figures.fixtures';

const DOWN = Date.parse('2026-10-13T14:00:00Z');
const MISSED_AT = DOWN + 2_682_001;
const stillDown = figureWithOutage(DOWN, null, { revision: 2 });
const timerKey = (allowance: string): string => `${stillDown.id}|${allowance}`;

describe('attainments', () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await Trial.begin();
  });
  afterEach(() => trial.end());

  const told_ = async () =>
    (await trial.announced(attainments.topic)).map(({ key, reason, data }) => ({
      key,
      reason,
      data: parsePayload(attainments, data),
    }));
  const row = async () => (await trial.fresh.query('select * from attainment'))[0];

  it('open with their figure, and are told by their contract', async () => {
    await trial.withAgreement();
    await trial.hear(told(figure(), 1));
    const [opened] = await told_();
    expect(opened).toMatchObject({
      key: `payroll-sla/${iso(OCTOBER.from)}`,
      reason: 'attainment-opened',
      data: {
        agreement: 'payroll-sla',
        recipient: 'acme',
        provider: null,
        status: 'open',
        revision: 1,
        targets: [
          {
            state: 'measuring',
            required: '99.9',
            budgetMs: 2_682_000,
            agreedMs: 2_682_000_000,
            usedBpMs: '0',
            missedAt: null,
          },
        ],
      },
    });
  });

  it.each(['the figure', 'the agreement'])('are the same when %s comes first', async (first) => {
    trial.clock.at = MISSED_AT + 500;
    if (first === 'the figure') await trial.hear(told(stillDown, 2));
    await trial.withAgreement();
    if (first === 'the agreement') await trial.hear(told(stillDown, 2));
    expect(await row()).toMatchObject({ state: 'missed', status: 'open', revision: 1 });
    expect((await trial.timers()).map((timer) => timer.key)).toEqual([timerKey(DEEP_TIER)]);
  });

  it('are declared by a timer at the crossing, with no further input', async () => {
    await trial.withAgreement();
    trial.clock.at = DOWN + 1_000;
    await trial.hear(told(stillDown, 2));
    expect(await trial.timers()).toEqual([
      { kind: 'figure-crossing', key: timerKey(AT_RISK), due_at: String(DOWN + 2_011_501) },
      { kind: 'figure-crossing', key: timerKey(TARGET), due_at: String(MISSED_AT) },
      { kind: 'figure-crossing', key: timerKey(DEEP_TIER), due_at: String(DOWN + 26_820_001) },
    ]);

    trial.clock.at = MISSED_AT - 1;
    await trial.run((tx) => trial.monitoring.crossed(tx, timerKey(TARGET)));
    expect(await row()).toMatchObject({ state: 'at-risk' });
    trial.clock.at = MISSED_AT;
    await trial.run((tx) => trial.monitoring.crossed(tx, timerKey(TARGET)));
    await trial.run((tx) => trial.monitoring.crossed(tx, timerKey(TARGET)));
    const events = await told_();
    expect(events.map((event) => event.reason)).toEqual([
      'attainment-opened',
      'attainment-at-risk',
      'attainment-missed',
    ]);
    expect(events.at(-1)?.data.targets[0]).toMatchObject({
      missedAt: iso(MISSED_AT),
      declaredAt: iso(MISSED_AT),
      tier: { below: '99.9', credit: '10' },
    });
  });

  it('decide nothing when a timer fires late for an outage that was shorter', async () => {
    await trial.withAgreement();
    trial.clock.at = DOWN + 1_000;
    await trial.hear(told(stillDown, 2));
    await trial.hear(told(figureWithOutage(DOWN, DOWN + 60_000, { revision: 3 }), 3));
    expect(await trial.timers()).toEqual([]);
    trial.clock.at = MISSED_AT + 10;
    await trial.run((tx) => trial.monitoring.crossed(tx, timerKey(TARGET)));
    await trial.run((tx) => trial.monitoring.crossed(tx, 'unheard-of/figure|availability:1/1000:>'));
    expect((await told_()).map((event) => event.reason)).toEqual(['attainment-opened']);
  });

  it('take a miss back that a correction removes', async () => {
    await trial.withAgreement();
    trial.clock.at = MISSED_AT;
    await trial.hear(told(stillDown, 2));
    await trial.hear(told(figureWithOutage(DOWN, DOWN + 60_000, { revision: 3 }), 3));
    expect((await told_()).map((event) => event.reason)).toEqual(['attainment-missed', 'attainment-miss-withdrawn']);
    expect(await row()).toMatchObject({ state: 'measuring', revision: 2 });
  });

  it('are the same whatever the order of the figures, and however often they come', async () => {
    await trial.withAgreement();
    trial.clock.at = OCTOBER.to + 1;
    const closed = told(figureWithOutage(DOWN, MISSED_AT, { revision: 4, status: 'closed' }), 4);
    const restated = told(
      figureWithOutage(DOWN, MISSED_AT, { revision: 5, status: 'closed', restatementPending: true }),
      5,
    );
    for (const each of [restated, closed, told(stillDown, 2), restated, told(figure(), 1), closed])
      await trial.hear(each);
    expect((await told_()).map((event) => event.reason)).toEqual(['attainment-closed']);
    expect(await row()).toMatchObject({
      status: 'closed',
      state: 'missed',
      restatement_pending: true,
      revision: 1,
      closed: { revision: 1, at: OCTOBER.to + 1 },
    });
    expect(await trial.timers()).toEqual([]);
  });

  it('close behind their figure and stay as they were closed', async () => {
    await trial.withAgreement();
    trial.clock.at = MISSED_AT;
    await trial.hear(told(stillDown, 2));
    trial.clock.at = OCTOBER.to + 1;
    await trial.hear(told(figureWithOutage(DOWN, MISSED_AT, { revision: 3, status: 'closed' }), 3));
    await trial.hear(
      told(figureWithOutage(DOWN, MISSED_AT, { revision: 4, status: 'closed', restatementPending: true }), 4),
    );
    const events = await told_();
    expect(events.map((event) => event.reason)).toEqual([
      'attainment-missed',
      'attainment-closed',
      'attainment-restated',
    ]);
    const [missed, closed, restated] = events.map((event) => event.data);
    expect(closed).toMatchObject({ status: 'closed', closed: { revision: 2 }, restatementPending: false });
    expect(closed?.targets[0]).toMatchObject({
      state: 'missed',
      missedAt: iso(MISSED_AT),
      declaredAt: missed?.targets[0]?.declaredAt,
    });
    expect(restated).toEqual({
      ...closed,
      version: 3,
      revision: 3,
      recordedAt: restated?.recordedAt,
      restatementPending: true,
    });
    expect(await trial.fresh.query('select revision, facts from attainment_revision order by revision')).toEqual([
      { revision: 1, facts: 'missed tier-reached opened' },
      { revision: 2, facts: 'closed' },
      { revision: 3, facts: 'restated' },
    ]);
  });

  it('take only the figures that are clipped to their own term', async () => {
    const ends = Date.parse('2026-10-20T00:00:00Z');
    await trial.withAgreement('until-further-notice');
    await trial.draft('until-the-20th', { effective: { from: Date.parse('2026-01-01T00:00:00Z'), to: ends } });
    await trial.agree('until-the-20th');
    await trial.hear(told(figure({ to: ends }), 1));
    await trial.hear(told(figure(), 1));
    const rows = await trial.fresh.query('select agreement, to_at from attainment order by agreement');
    expect(rows).toEqual([
      { agreement: 'until-further-notice', to_at: String(OCTOBER.to) },
      { agreement: 'until-the-20th', to_at: String(ends) },
    ]);
  });

  it('do not open for a draft, nor for a figure that nobody has agreed on', async () => {
    await trial.describe('payroll');
    await trial.register('acme', 'customer');
    await trial.draft('payroll-sla');
    await trial.hear(told(stillDown, 1));
    expect(await row()).toBeUndefined();
    expect(await trial.timers()).toEqual([]);
  });

  it('miss nothing when an agreement joins while a figure arrives', async () => {
    await trial.describe('payroll');
    await trial.register('acme', 'customer');
    const references = Array.from({ length: 12 }, (_, i) => `sla-${i}`);
    for (const reference of references) await trial.draft(reference);
    const versions = [1, 2, 3, 4].map((version) => told(version % 2 === 0 ? stillDown : figure(), version));
    await Promise.all([
      ...references.map((reference) => trial.agree(reference)),
      ...versions.map((version) => trial.hear(version)),
    ]);
    const rows = await trial.fresh.query<{ agreement: string }>('select agreement from attainment order by agreement');
    expect(rows.map((each) => each.agreement)).toEqual([...references].sort());
  });

  it.each(['a figure', 'an agreement'])('do not wait in a circle when a timer fires while %s comes', async (what) => {
    await trial.withAgreement();
    await trial.draft('another-sla');
    trial.clock.at = DOWN + 1_000;
    await trial.hear(told(stillDown, 2));
    trial.clock.at = MISSED_AT;
    const attempts = { timer: 0, other: 0 };
    let other: Promise<unknown> = Promise.resolve();
    const isWaiting = async () =>
      expect(
        await trial.fresh.query(
          `select 1 from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()`,
        ),
      ).toHaveLength(1);
    await trial.run(async (tx) => {
      attempts.timer += 1;
      await tx.query('delete from timer where key = $1', [timerKey(TARGET)]); // as the platform does before it fires
      other = trial.run<unknown>((beside) => {
        attempts.other += 1;
        return what === 'a figure'
          ? trial.hearIn(beside, told({ ...stillDown, revision: 3 }, 3))
          : trial.agreeing.agree(beside, 'another-sla');
      });
      await eventually(isWaiting);
      await trial.monitoring.crossed(tx, timerKey(TARGET));
    });
    await other;
    expect(attempts).toEqual({ timer: 1, other: 1 });

    for (const { key } of await trial.timers())
      if (key === timerKey(TARGET)) await trial.run((tx) => trial.monitoring.crossed(tx, key));
    const states = await trial.fresh.query<{ state: string }>('select state from attainment');
    expect(new Set(states.map((each) => each.state))).toEqual(new Set(['missed']));
  });

  it('are declared for all when one more agreement joins just after the crossing, before its timer has fired', async () => {
    await trial.withAgreement();
    trial.clock.at = DOWN + 1_000;
    await trial.hear(told(stillDown, 2));
    trial.clock.at = MISSED_AT;
    await trial.draft('another-sla');
    await trial.agree('another-sla');
    expect((await trial.timers()).map((timer) => timer.key)).toContain(timerKey(TARGET));
    await trial.run((tx) => trial.monitoring.crossed(tx, timerKey(TARGET)));
    expect(await trial.fresh.query('select agreement, state from attainment order by agreement')).toEqual([
      { agreement: 'another-sla', state: 'missed' },
      { agreement: 'payroll-sla', state: 'missed' },
    ]);
  });
});
