import { createServer, type Server } from 'node:net';
import { HIGHEST_BASE_PORT, portOf, portsFrom, portsTaken, refuseTakenPorts } from './ports';

const listening = (): Promise<{ server: Server; port: number }> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as { port: number }).port }),
    );
  });

describe('ports', () => {
  it('lie beside the gateway, PostgreSQL ten further', () =>
    expect(Object.fromEntries(portsFrom(7100))).toEqual({
      gateway: 7100,
      'service-level': 7101,
      availability: 7102,
      capacity: 7103,
      continuity: 7104,
      financial: 7105,
      postgres: 7110,
    }));

  it('never pass the last one that there is', () =>
    expect(Math.max(...portsFrom(HIGHEST_BASE_PORT).values())).toBe(65_535));

  it('that nobody planned are a defect', () => expect(() => portOf(portsFrom(7100), 'mail')).toThrow('mail'));

  it('that are taken are named with the process that wanted them, and what to do', async () => {
    const { server, port } = await listening();
    const ports = new Map([
      ['gateway', port - 1],
      ['availability', port],
    ]);
    await expect(portsTaken(new Map([['availability', port]]))).resolves.toEqual([
      { name: 'availability', port, code: 'EADDRINUSE' },
    ]);
    await expect(refuseTakenPorts(ports)).rejects.toThrow(
      new RegExp(`${port} \\(availability\\).*taken.*--port \\d+.*Nothing was started`),
    );
    server.close();
  });

  it('that are free are left free', async () => {
    const { server, port } = await listening();
    await new Promise((resolve) => server.close(resolve));
    await expect(refuseTakenPorts(new Map([['gateway', port]]))).resolves.toBeUndefined();
    await expect(refuseTakenPorts(new Map([['gateway', port]]))).resolves.toBeUndefined();
  });
});
