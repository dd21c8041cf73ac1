import { eventually } from '@underpin/testing/eventually';
import { startGateway } from './gateway';
import { toyService } from './toy-service.fixtures';

it('stops when the requests in hand are answered', async () => {
  let answer = (): void => undefined;
  const slow = await toyService((_, response) => {
    response.write('begun');
    answer = () => response.end(', ended');
  });
  const stopping = await startGateway({
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    services: [{ name: 'slow', origin: slow.origin }],
  });
  const inHand = await fetch(`${stopping.url}/slow/x`);
  const stopped = stopping.stop();
  await eventually(() => expect(fetch(`${stopping.url}/health/live`)).rejects.toThrow());
  answer();
  expect(await inHand.text()).toBe('begun, ended');
  await stopped;
  await slow.die();
});
