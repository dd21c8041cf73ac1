import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestsSince, sampleOnFirstStart, startOfLastMonth } from './sample';

let place: string;
let server: Server;
let asked: string[];
let refused: RegExp;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'sample-spec-'));
  asked = [];
  refused = /nothing/;
  server = createServer((request, response) => {
    const line = `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`;
    asked.push(line);
    request
      .resume()
      .once('end', () => response.writeHead(refused.test(line) ? 422 : 200).end('{"detail":"no such currency"}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(place, { recursive: true });
});

const marker = () => join(place, 'sample.json');
const offer = (wanted = true) =>
  sampleOnFirstStart(
    { gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'upk_x', marker: marker() },
    wanted,
  );

describe('the sample organisation', () => {
  it('is made through the public API with the key of the installation, once', async () => {
    expect(await offer()).toEqual({ kind: 'created' });
    expect(asked).toContain('PUT /service-level/parties/human-resources Bearer upk_x');
    expect(asked.indexOf('POST /service-level/agreements/payroll-sla/agree Bearer upk_x')).toBeGreaterThan(
      asked.indexOf('PUT /service-level/agreements/payroll-sla Bearer upk_x'),
    );
    const times = asked.length;
    expect(await offer()).toEqual({ kind: 'known' });
    expect(asked).toHaveLength(times);
  });

  it('that is declined on the first start does not come on the second', async () => {
    expect(await offer(false)).toEqual({ kind: 'declined' });
    expect(await offer()).toEqual({ kind: 'known' });
    expect(asked).toEqual([]);
  });

  it('that is refused says by what and why, and is tried again', async () => {
    refused = /prices/;
    expect(await offer()).toEqual({
      kind: 'refused',
      reason: 'PUT /financial/prices/payroll/human-resources answers 422 {"detail":"no such currency"}',
    });
    refused = /nothing/;
    expect(await offer()).toEqual({ kind: 'created' });
    expect(JSON.parse(readFileSync(marker(), 'utf8'))).toEqual({ created: true });
  });

  it('begins with the month before this one, also in January', () => {
    expect(startOfLastMonth(new Date('2026-01-31T23:00:00Z'))).toBe('2025-12-01T00:00:00.000Z');
    expect(JSON.stringify(requestsSince('2025-12-01T00:00:00.000Z'))).not.toContain('{since}');
  });
});
