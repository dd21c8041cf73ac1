import { freshDatabase } from '@underpin/testing/postgres';
import { describeBus } from './bus.behaviour';
import { PostgresLog } from './postgres-log';
import { migrateBus } from './postgres-log.migration';
import { TcpCable } from './tcp-cable.behaviour';
import { appendFileSync } from 'node:fs';

jest.setTimeout(25_000);
const say = (x: unknown) => appendFileSync('/tmp/hang.txt', `${typeof x === 'string' ? x : JSON.stringify(x)}\n`);
const watch = async (name: string, p: Promise<unknown>, dump: () => unknown) => {
  const t = setTimeout(async () => say([name, 'hangs', await dump()]), 6000);
  await p;
  clearTimeout(t);
};
for (let i = 0; i < 90; i++)
describeBus('a Postgres log ' + i, async () => {
  const database = await freshDatabase();
  await migrateBus({ ownerUrl: database.ownerUrl, appRoles: [database.appRole], topics: [] });
  const cables: TcpCable[] = [];
  return {
    async open() {
      const { cable, url } = await TcpCable.to(database.appUrl);
      cables.push(cable);
      const bus = new PostgresLog({ url, applicationName: 'test', pollMs: 100, renewMs: 300, holdMs: 1_500 });
      const b = bus as any;
      bus.close = async () => {
        const dump = async () => ({
          act: await database.query(`select pid, state, query, wait_event, application_name from pg_stat_activity where datname = current_database()`),
          pool: [b.pool.totalCount, b.pool.idleCount, b.pool.waitingCount],
          clients: b.pool._clients.map((c: any) => [c._queryable, c._ended, c._ending, c._connecting, c._connected, c.connection?.stream?.destroyed, c.connection?.stream?.readyState, c._activeQuery?.text ?? c.activeQuery?.text]),
          n: b.notifications.client === undefined ? null : [b.notifications.client._queryable, b.notifications.client._ended, b.notifications.client._ending, b.notifications.client._connecting, b.notifications.client._connected, b.notifications.client.connection?.stream?.destroyed, b.notifications.client.connection?.stream?.readyState, b.notifications.client.connection?._ending],
          cs: [...b.consumptions].map((c: any) => ({ working: c.working.size, readers: c.readers.size })),
          cable: (cable as any).sockets.size,
        });
        await watch('consumptions', Promise.all([...b.consumptions].map((c: any) => c.stop())), dump);
        await watch('notifications', b.notifications.close(), dump);
        await watch('pool', b.pool.end(), dump);
      };
      return { bus, cut: () => cable.cut(), mend: () => cable.mend() };
    },
    async createTopic(topic) {
      await migrateBus({ ownerUrl: database.ownerUrl, appRoles: [database.appRole], topics: [topic] });
    },
    async forget() {},
    async close() {
      await Promise.all(cables.map((cable) => cable.close()));
      await database.drop();
    },
  };
});
