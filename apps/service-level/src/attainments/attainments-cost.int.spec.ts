import { allowanceOf, shareOf } from '@underpin/kernel/measure/allowance';
import { agree, contentOf, draft } from '../agreements/agreement';
import { agreementsTable } from '../agreements/agreements.table';
import { proposal } from '../agreements/proposals.fixtures';
import { Trial, type Cost } from '../trial.fixtures';
import { figure, figureWithOutage, OCTOBER, told } from './figures.fixtures';

const DOWN = Date.parse('2026-10-13T14:00:00Z');
const STRICT = allowanceOf('99.99');
const SET_SIZE = 500;

/** Everything that these agreements watch: 99.9 % with its tiers, and 99.99 % of the strict one. */
const figureOfOutage = (downFor: number, revision: number) => {
  const seen = figureWithOutage(DOWN, DOWN + downFor, { revision });
  const strictBudget = (OCTOBER.to - OCTOBER.from) / 10_000;
  const crossed = (share: number): number | null =>
    downFor > strictBudget * share ? Math.floor(DOWN + strictBudget * share) + 1 : null;
  const strict = new Map([
    [STRICT.key, crossed(1)],
    [shareOf(STRICT, '0.75').key, crossed(0.75)],
  ]);
  return told({ ...seen, crossings: new Map([...seen.crossings, ...strict]) }, revision);
};

/** What it costs to take in a figure, by what it changes; no timings, only statements and rows. */
const costsWith = async (
  agreements: number,
): Promise<Record<'opens' | 'changesNothing' | 'changesOne' | 'changesAll', Cost>> => {
  const trial = await Trial.begin();
  try {
    await trial.describe('payroll');
    await trial.register('acme', 'customer');
    await trial.run(async (tx) => {
      const usual = contentOf(proposal());
      const strict = contentOf(proposal({ availability: '99.99', remedy: null }));
      const references = Array.from({ length: agreements }, (_, i) => `sla-${i}`);
      await tx.changeAll(agreementsTable, references, (known, now, key) =>
        draft(known, key === 'sla-0' ? strict : usual, now),
      );
      await tx.changeAll(agreementsTable, references, agree);
    });
    trial.clock.at = OCTOBER.to - 1;
    const versions = async () =>
      (await trial.fresh.query<{ n: string }>('select count(*) as n from attainment_revision'))[0]?.n;
    const opens = await trial.cost((tx) => trial.hearIn(tx, told(figure(), 1)));
    expect(await versions()).toBe(String(agreements));
    const changesNothing = await trial.cost((tx) => trial.hearIn(tx, figureOfOutage(1_000, 2)));
    expect(await versions()).toBe(String(agreements));
    const changesOne = await trial.cost((tx) => trial.hearIn(tx, figureOfOutage(300_000, 3)));
    expect(await versions()).toBe(String(agreements + 1));
    const changesAll = await trial.cost((tx) => trial.hearIn(tx, figureOfOutage(3_000_000, 4)));
    expect(await versions()).toBe(String(2 * agreements));
    return { opens, changesNothing, changesOne, changesAll };
  } finally {
    await trial.end();
  }
};

it('one outage costs the same whether ten or a thousand agreements share the measure, but for those about which it changes something', async () => {
  const [few, many] = [await costsWith(10), await costsWith(1_000)];

  expect(many.changesNothing).toEqual(few.changesNothing);
  expect(many.changesOne).toEqual(few.changesOne);
  expect(few.changesNothing.statements).toBeLessThanOrEqual(6);

  // Two statements for each set of agreements that are written: one locks them, one writes them.
  const sets = Math.ceil(1_000 / SET_SIZE);
  expect(many.changesAll.statements - few.changesAll.statements).toBe(2 * (sets - 1));
  expect(many.opens.statements - few.opens.statements).toBe(2 * (sets - 1));
}, 60_000);
