import { attainments } from '@underpin/contracts/service-level/attainment.v1';
import { parsePayload } from '@underpin/contracts/subject';
import { iso } from '@underpin/kernel/time/instant';
import { Trial } from '../trial.fixtures';
import { DEEP_TIER, figure, figureWithOutage, OCTOBER, told } from './figures.fixtures';

const DOWN = Date.parse('2026-10-13T14:00:00Z');
const MISSED_AT = DOWN + 2_682_001;
const stillDown = figureWithOutage(DOWN, null, { revision: 2 });
const timerKey = (allowance: string): string => `${stillDown.id}|${allowance}`;

jest.setTimeout(30_000);

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
});
