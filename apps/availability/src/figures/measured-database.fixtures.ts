import type { MeasureDefinition } from '@underpin/kernel/measure/measure-id';
import { DEFAULT_POLICY } from '@underpin/kernel/measure/policy';
import { Database } from '@underpin/platform/persistence/database';
import { migrate } from '@underpin/platform/persistence/migrate';
import type { Tx } from '@underpin/platform/persistence/tx';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import type { Clock } from '@underpin/platform/time/clock';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { availability } from '../availability.service';

/** A database of availability, and transactions in it by this clock: for use cases without the doors. */
export interface MeasuredDatabase {
  readonly db: FreshDatabase;
  run<T>(use: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const measuredDatabase = async (clock: Clock): Promise<MeasuredDatabase> => {
  const { migrations, appendOnly } = availability;
  const db = await freshDatabase({
    migrate: async (ownerUrl, appRole) => void (await migrate({ ownerUrl, appRole, migrations, appendOnly })),
    template: 'availability',
  });
  const database = new Database({ url: db.appUrl, applicationName: 'test', poolSize: 4 });
  await database.open();
  const work = new UnitOfWork(database, clock, '/underpin/availability');
  return {
    db,
    run: (use) => work.run({ who: 'test', door: 'event', useCase: 'test', correlationId: 'test' }, use),
    async close() {
      await database.close();
      await db.drop();
    },
  };
};

/** Any outage of a service, around the clock, by the month of UTC, unless said otherwise. */
export const definitionOf = (service: string, more: Partial<MeasureDefinition> = {}): MeasureDefinition =>
  ({
    service,
    counted: 'any',
    calendar: { zone: 'UTC', weekly: '24x7' },
    policy: DEFAULT_POLICY,
    reportingPeriod: 'month',
    grace: 'P7D',
    ...more,
  }) as MeasureDefinition;
