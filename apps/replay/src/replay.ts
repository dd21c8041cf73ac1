import { wavesOf } from './delivery';
import { concurrently } from './concurrently';
import { deliver } from './delivering';
import { found, foundation } from './founding';
import type { Options } from './options';
import type { Plan } from './plan';
import type { Platform } from './platform';
import type { Voice } from './progress';
import { rowOf, type Remark, type Row } from './rows';
import { settle } from './settling';

const SERVICES_AT_A_TIME = 4;

/** Plays a plan through a platform, and returns what became of it: by service, then by period. */
export const replay = async (
  platform: Platform,
  plan: Plan,
  options: Options,
  voice: Voice,
): Promise<(Row & Remark)[]> => {
  await platform.greet();
  const stages = foundation(plan);
  await voice.step('Set up', sizeOf(stages), 'requests', (advance) => found(platform, stages, advance));

  const waves = wavesOf(plan.reports, options);
  await voice.step('Play', sizeOf(waves), 'reports', (advance) => deliver(platform, waves, advance));

  const settled = new Map<string, (Row & Remark)[]>();
  await voice.step('Close', plan.services.length * plan.periods.length, 'periods', (advance) =>
    concurrently(plan.services, SERVICES_AT_A_TIME, async (service) => {
      const periods = await settle(platform, plan, service);
      settled.set(
        service.name,
        periods.map((one) => rowOf(service.name, one)),
      );
      advance(periods.length);
    }),
  );
  return plan.services.flatMap(({ name }) => settled.get(name) ?? []);
};

const sizeOf = (groups: readonly (readonly unknown[])[]): number =>
  groups.reduce((sum, group) => sum + group.length, 0);
