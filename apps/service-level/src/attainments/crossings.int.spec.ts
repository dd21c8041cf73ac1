import { attainments } from '@underpin/contracts/service-level/attainment.v1';
import { parsePayload } from '@underpin/contracts/subject';
import { iso } from '@underpin/kernel/time/instant';
import { eventually } from '@underpin/testing/eventually';
import { Trial } from '../trial.fixtures';
import { AT_RISK, DEEP_TIER, figureWithOutage, TARGET, told } from './figures.fixtures';

const DOWN = Date.parse('2026-10-13T14:00:00Z');
const MISSED_AT = DOWN + 2_682_001;
const stillDown = figureWithOutage(DOWN, null, { revision: 2 });
const timerKey = (allowance: string): string => `${stillDown.id}|${allowance}`;

jest.setTimeout(30_000);

describe('crossings', () => {
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

  it('are declared by their timer, with no further input', async () => {
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

  it('decide nothing by themselves: a timer may fire late for an outage that was shorter', async () => {
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

  it('do not wait in a circle when a timer fires while a figure comes', async () => {
    await trial.withAgreement();
    trial.clock.at = DOWN + 1_000;
    await trial.hear(told(stillDown, 2));
    trial.clock.at = MISSED_AT;
    const attempts = { timer: 0, figure: 0 };
    let figureComes: Promise<void> = Promise.resolve();
    await trial.run(async (tx) => {
      attempts.timer += 1;
      await tx.query('delete from timer where key = $1', [timerKey(TARGET)]); // as the platform does before it fires
      figureComes = trial.run((beside) => {
        attempts.figure += 1;
        return trial.hearIn(beside, told({ ...stillDown, revision: 3 }, 3));
      });
      await eventually(async () =>
        expect(
          await trial.fresh.query(
            'select 1 from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()',
          ),
        ).toHaveLength(1),
      );
      await trial.monitoring.crossed(tx, timerKey(TARGET));
    });
    await figureComes;
    expect(attempts).toEqual({ timer: 1, figure: 1 });
    expect(await row()).toMatchObject({ state: 'missed' });
  });

  it('are declared or have a timer, also when they come while the figure is judged', async () => {
    await trial.withAgreement();
    for (let before = 0; before <= 8; before++) {
      trial.clock.tick = 0;
      trial.clock.at = DOWN;
      await trial.fresh.query('truncate attainment, attainment_revision, heard_figure, timer');
      trial.clock.at = MISSED_AT - before;
      trial.clock.tick = 1;
      await trial.hear(told(stillDown, 2));
      const isMissed = (await row())?.['state'] === 'missed';
      const isAwaited = (await trial.timers()).some((timer) => timer.key === timerKey(TARGET));
      expect([before, isMissed || isAwaited]).toEqual([before, true]);
    }
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
