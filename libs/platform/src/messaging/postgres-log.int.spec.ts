import { freshDatabase } from '@underpin/testing/postgres';
import { describeBus } from './bus.behaviour';
import { PostgresLog } from './postgres-log';
import { migrateBus } from './postgres-log.migration';
import { TcpCable } from './tcp-cable.behaviour';

jest.setTimeout(60_000);

describeBus('a Postgres log', async () => {
  const database = await freshDatabase();
  await migrateBus({ ownerUrl: database.ownerUrl, appRoles: [database.appRole], topics: [] });
  const cables: TcpCable[] = [];
  return {
    async open() {
      const { cable, url } = await TcpCable.to(database.appUrl);
      cables.push(cable);
      const bus = new PostgresLog({ url, applicationName: 'test', pollMs: 100, renewMs: 300, holdMs: 1_500 });
      return { bus, cut: () => cable.cut(), mend: () => cable.mend() };
    },
    async createTopic(topic) {
      await migrateBus({ ownerUrl: database.ownerUrl, appRoles: [database.appRole], topics: [topic] });
    },
    async forget({ topic, partition }, before) {
      await database.query('delete from log where topic = $1 and p = $2 and "offset" < $3', [
        topic,
        partition,
        before.toString(),
      ]);
      await database.query('update partition set low_offset = $3 where topic = $1 and p = $2', [
        topic,
        partition,
        before.toString(),
      ]);
    },
    async close() {
      await Promise.all(cables.map((cable) => cable.close()));
      await database.drop();
    },
  };
});
