import { createServer, type AddressInfo } from 'node:net';
import { eventually } from '@underpin/testing/eventually';
import { PostgresLogNotifications } from './postgres-log-notifications';

describe('the connection that listens', () => {
  it('can be closed while it connects: a process must not hang at its end', async () => {
    let callers = 0;
    const silent = createServer((socket) => {
      callers += 1;
      socket.on('error', () => undefined).resume();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const notifications = new PostgresLogNotifications(`postgres://somebody:x@127.0.0.1:${port}/nowhere`, 'test');
    notifications.listen(() => undefined);
    await eventually(() => expect(callers).toBe(1));
    await notifications.close();
    await new Promise((resolve) => silent.close(resolve));
  });
});
