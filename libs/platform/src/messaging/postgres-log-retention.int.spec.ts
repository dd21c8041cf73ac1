import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { randomUUID } from 'node:crypto';
import type { TopicShape } from './bus';
import { PostgresLog } from './postgres-log';
import { migrateBus } from './postgres-log.migration';

const HOUR_MS = 3_600_000;

describe('retention of the Postgres log', () => {
  let database: FreshDatabase;
  let bus: PostgresLog;
  beforeAll(async () => {
    database = await freshDatabase();
    await migrateBus({ ownerUrl: database.ownerUrl, appRoles: [database.appRole], topics: [] });
    bus = new PostgresLog({ url: database.appUrl, applicationName: 'test' });
  });
  afterAll(async () => {
    await bus.close();
    await database.drop();
  });

  const newTopic = async (shape: TopicShape): Promise<string> => {
    const name = `underpin.test.${randomUUID()}`;
    const retention = shape === 'record' ? { retentionMs: HOUR_MS } : {};
    await migrateBus({
      ownerUrl: database.ownerUrl,
      appRoles: [database.appRole],
      topics: [{ name, shape, partitions: 1, ...retention }],
    });
    return name;
  };
  const version = (key: string, v: number | string) => ({
    key,
    headers: { ce_subjectversion: String(v) },
    value: `${key}@${v}`,
  });
  const kept = async (topic: string) =>
    (await database.query<{ value: string }>('select value from log where topic = $1 order by "offset"', [topic])).map(
      (row) => row.value,
    );

  it('keeps of each subject the highest version, wherever it stands, and the last record of all', async () => {
    const topic = await newTopic('state');
    await bus.append(topic, [
      version('a', 1),
      version('b', 1),
      version('a', 3),
      version('a', 2),
      version('c', 'x'),
      version('c', 1),
      version('b', 10),
      version('b', 9),
    ]);
    await bus.sweep();
    expect(await kept(topic)).toEqual(['a@3', 'c@1', 'b@10', 'b@9']);
    expect(await bus.offsets([topic])).toMatchObject([{ low: 0n, high: 8n }]);
  });

  it('lets records go when they are older than their topic keeps them, and says from where on they are there', async () => {
    const topic = await newTopic('record');
    await bus.append(
      topic,
      ['1', '2', '3', '4'].map((value) => ({ key: 'a', headers: {}, value })),
    );
    await database.query(`update log set appended_at = appended_at - $2 where topic = $1 and "offset" < 3`, [
      topic,
      2 * HOUR_MS,
    ]);
    await bus.sweep({ chunk: 2 });
    expect(await kept(topic)).toEqual(['4']);
    expect(await bus.offsets([topic])).toMatchObject([{ low: 3n, high: 4n }]);
  });
});
