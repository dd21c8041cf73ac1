import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { migrateBusFrom } from './migrate-bus';
import { PostgresLog } from './postgres-log';
import { readTopics, topicsFile } from './topics-file';

describe('the migration of the bus', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it('makes the topics of the file, can be repeated, and lets the services in', async () => {
    const env = {
      UNDERPIN_BUS_DATABASE_OWNER_URL: database.ownerUrl,
      UNDERPIN_BUS_APP_ROLES: ` ${database.appRole}, `,
    };
    const declared = readTopics(topicsFile({}));
    expect(await migrateBusFrom(env)).toBe(declared.length);
    expect(await migrateBusFrom(env)).toBe(declared.length);
    const bus = new PostgresLog({ url: database.appUrl, applicationName: 'test' });
    try {
      expect(await bus.topics()).toEqual(declared.map((t) => t.name).sort());
      const offsets = await bus.offsets(declared.map((t) => t.name));
      expect(offsets).toHaveLength(declared.reduce((sum, t) => sum + t.partitions, 0));
    } finally {
      await bus.close();
    }
  });

  it('says which variables it misses', async () => {
    await expect(migrateBusFrom({})).rejects.toThrow(
      /UNDERPIN_BUS_DATABASE_OWNER_URL is missing(.|\n)*UNDERPIN_BUS_APP_ROLES is missing/,
    );
  });
});
