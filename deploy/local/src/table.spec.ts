import { firstThing, table } from './table';
import type { Ready } from './ready-file';
import { services } from './topology';

const ready: Ready = {
  gateway: 'http://127.0.0.1:7100',
  services: Object.fromEntries(services.map(({ name, offset }) => [name, `http://127.0.0.1:${7100 + offset}`])),
  docs: 'http://127.0.0.1:7100/docs',
  apiKeyFile: '/clone/.underpin/api-key.txt',
  pid: 1,
  dataDir: '/clone/.underpin',
  database: { host: '127.0.0.1', port: 7110 },
};

describe('the table at the end of a start', () => {
  const text = table(ready, { text: 'upk_secret', generated: true }, { kind: 'postgres' });

  it('has every address', () =>
    [ready.gateway, ready.docs, '127.0.0.1:7110', ...Object.values(ready.services)].forEach((address) =>
      expect(text).toContain(address),
    ));

  it('shows the key and where it is kept', () =>
    expect(text).toMatch(/upk_secret\n.*\/clone\/\.underpin\/api-key\.txt/));

  it('says what to do about a key that is not kept any more', () =>
    expect(table(ready, { text: null, generated: false }, { kind: 'kafka', brokers: 'b:9092' })).toContain(
      'remove keys.json',
    ));
});

describe('the first thing to try', () => {
  const now = new Date('2026-03-01T09:30:00.000Z');

  it('goes through the gateway with the key from its file, about the last two hours', () => {
    const said = firstThing(ready, now);
    expect(said).toContain('curl -X PUT http://127.0.0.1:7100/availability/outages/desk/INC-1 ');
    expect(said).toContain('"toldAt":"2026-03-01T09:30:00.000Z","occurredAt":"2026-03-01T07:30:00.000Z"');
  });

  it.each([
    ['/tmp/a-b_1.txt', '$(cat /tmp/a-b_1.txt)'],
    ['/home/my files/key', "$(cat '/home/my files/key')"],
    ["/home/o'neill/key", "$(cat '/home/o'\\''neill/key')"],
  ])('can be copied into a shell when the key is at %s', (apiKeyFile, expected) =>
    expect(firstThing({ ...ready, apiKeyFile }, now)).toContain(expected),
  );
});
