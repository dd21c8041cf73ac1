import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import { subjectVersion, toBinary } from '@underpin/contracts/envelope';
import { conflict } from '@underpin/kernel/errors';
import { eventually } from '@underpin/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiKeys, newApiKey } from '../auth/api-keys';
import { httpAdapter } from '../http/server';
import { Health } from '../service/health';
import { PlatformModule } from '../service/platform.module';
import { Metrics } from '../telemetry/metrics';
import { RealClock } from '../time/clock';
import { listens } from './listens';
import { Messaging } from './messaging';
import { PostgresLog } from './postgres-log';
import { migrateBus } from './postgres-log.migration';
import { heardLamps, lampsOn, lampTableOn, light, toyDatabase, type ToyDatabase } from './toy-service.fixtures';

const OWN = 'underpin.toy.lamps';
const FOREIGN = 'underpin.other.lamps';

@Module({})
class NoModule {}

describe('the doors of messaging', () => {
  let toy: ToyDatabase;
  let busDatabase: FreshDatabase;
  let folder: string;
  let bus: PostgresLog;
  let app: NestFastifyApplication;
  let messaging: Messaging;
  let work: Awaited<ReturnType<ToyDatabase['open']>>['work'];
  const admin = newApiKey('admin', ['toy:admin']);
  const reader = newApiKey('reader', ['toy:read', 'other:admin']);
  let broken = true;

  beforeAll(async () => {
    toy = await toyDatabase();
    busDatabase = await freshDatabase();
    const topics = [OWN, FOREIGN].map((name) => ({ name, shape: 'state', partitions: 1 }) as const);
    await migrateBus({ ownerUrl: busDatabase.ownerUrl, appRoles: [busDatabase.appRole], topics });
    bus = new PostgresLog({ url: busDatabase.appUrl, applicationName: 'toy' });
    folder = mkdtempSync(path.join(tmpdir(), 'doors-'));
    writeFileSync(path.join(folder, 'keys.json'), JSON.stringify([admin.entry, reader.entry]));
    const keys = new ApiKeys(path.join(folder, 'keys.json'));
    keys.open();
    const opened = await toy.open();
    work = opened.work;
    const parts = {
      ...opened,
      log: toy.log,
      metrics: new Metrics('toy'),
      health: new Health(),
      keys,
      clock: new RealClock(),
    };
    messaging = new Messaging(parts, bus, 'toy', 'toy-1', [lampTableOn(OWN)]);
    const service = {
      name: 'toy',
      title: '',
      description: '',
      module: NoModule,
      migrations: [],
      appendOnly: [],
      owns: [],
    };
    app = await NestFactory.create<NestFastifyApplication>(
      PlatformModule.of({ ...parts, bus, messaging }, service),
      httpAdapter(parts.metrics),
      { logger: toy.log, abortOnError: false },
    );
    messaging.listenTo([
      listens(lampsOn(FOREIGN), async (tx, event) => {
        if (broken && event.key === 'hall') throw conflict('lamp.broken', 'It gives no light');
        await tx.hear(heardLamps, event);
      }),
    ]);
    await app.listen(0, '127.0.0.1');
    messaging.start();
  }, 60_000);
  afterAll(async () => {
    await messaging.stop();
    await app.close();
    await bus.close();
    await toy.close();
    await busDatabase.drop();
    rmSync(folder, { recursive: true });
  });

  const call = async (method: string, where: string, body?: unknown, key = admin.text) => {
    const answer = await fetch(`${await app.getUrl()}/admin/${where}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as any };
  };
  const tell = (id: string, version: number, value?: string) => {
    const event = toBinary({
      id: randomUUID(),
      type: 'underpin.toy.lamp-lit.v1',
      source: '/underpin/toy',
      subject: id,
      time: 1_700_000_000_000,
      subjectversion: subjectVersion(0, version),
      data: { id, version, recordedAt: '2023-11-14T22:13:20.000Z', state: 'lit' },
    });
    return bus.append(FOREIGN, [value === undefined ? event : { ...event, value }]);
  };
  const waiting = async () =>
    (await call('GET', 'dead-letters?status=waiting')).body.deadLetters as {
      id: string;
      key: string;
      superseded: boolean;
    }[];

  it('lets nobody in who is not this service’s admin', async () => {
    expect(await call('GET', 'dead-letters', undefined, reader.text)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('"toy:admin"') },
    });
    expect(await call('POST', 'resync', { topic: OWN }, reader.text)).toMatchObject({ status: 403 });
    expect(await call('POST', 'positions/accept-gap', { topic: OWN, partition: 0 }, reader.text)).toMatchObject({
      status: 403,
    });
  });

  it('list, show, redrive and discard dead letters', async () => {
    await tell('hall', 1);
    await tell('attic', 1, '{ no json');
    await eventually(async () => expect(await waiting()).toHaveLength(2));
    const first = await call('GET', 'dead-letters?limit=1');
    expect(first.body).toMatchObject({
      deadLetters: [
        {
          topic: FOREIGN,
          offset: '0',
          key: 'hall',
          reason: 'lamp.broken',
          status: 'waiting',
          version: '1',
          superseded: false,
        },
      ],
    });
    const second = await call('GET', `dead-letters?limit=1&topic=${FOREIGN}&after=${first.body.next}`);
    expect(second.body).toMatchObject({ deadLetters: [{ key: 'attic', reason: 'event.not-json' }], next: null });
    const [hall, attic] = [first.body.deadLetters[0].id, second.body.deadLetters[0].id];
    expect((await call('GET', `dead-letters/${attic}`)).body).toMatchObject({
      value: '{ no json',
      valueBase64: null,
      headers: { ce_subject: 'attic' },
    });

    expect(await call('POST', `dead-letters/${hall}/redrive`)).toMatchObject({
      status: 409,
      body: { code: 'dead-letter.failed-again' },
    });
    broken = false;
    await tell('hall', 2);
    await eventually(async () => expect((await waiting()).find(({ id }) => id === hall)?.superseded).toBe(true));
    expect(await call('POST', `dead-letters/${hall}/redrive`)).toMatchObject({
      status: 200,
      body: { status: 'redriven', settledBy: 'admin' },
    });
    expect(await toy.fresh.query('select key, version from heard_lamp')).toEqual([{ key: 'hall', version: '2' }]);

    expect(await call('POST', `dead-letters/${attic}/discard`, {})).toMatchObject({ status: 400 });
    expect(await call('POST', `dead-letters/${attic}/discard`, { reason: 'garbage' })).toMatchObject({
      status: 200,
      body: { status: 'discarded', settledWhy: 'garbage' },
    });
    expect(await call('POST', `dead-letters/${attic}/discard`, { reason: 'garbage' })).toMatchObject({
      status: 409,
      body: { code: 'dead-letter.settled' },
    });
    expect(await waiting()).toEqual([]);
  });

  it('answer bad questions with what would be right', async () => {
    expect(await call('GET', 'dead-letters?status=lost')).toMatchObject({ status: 400 });
    expect(await call('GET', 'dead-letters?limit=501')).toMatchObject({ status: 400 });
    expect(await call('GET', 'dead-letters/17')).toMatchObject({ status: 400 });
    expect(await call('POST', `dead-letters/${randomUUID()}/redrive`)).toMatchObject({
      status: 404,
      body: { code: 'dead-letter.unknown' },
    });
    expect(await call('POST', 'resync', { topic: FOREIGN })).toMatchObject({
      status: 422,
      body: { code: 'resync.not-owned', detail: expect.stringContaining(OWN) },
    });
    expect(await call('POST', 'positions/accept-gap', { topic: OWN, partition: 0 })).toMatchObject({
      status: 404,
      body: { code: 'position.unknown-partition' },
    });
    expect(await call('POST', 'positions/accept-gap', { topic: FOREIGN, partition: 7 })).toMatchObject({ status: 404 });
  });

  it('tell all subjects of a topic again, or some, with the versions that they have', async () => {
    const count = async () => (await bus.offsets([OWN]))[0]?.high;
    for (let n = 0; n < 450; n++) await light(work, OWN, `lamp-${n}`);
    await eventually(async () => expect(await count()).toBe(450n));
    expect(await call('POST', 'resync', { topic: OWN, subjects: ['lamp-7', 'lamp-none'] })).toEqual({
      status: 200,
      body: { topic: OWN, told: 1, missing: ['lamp-none'] },
    });
    await eventually(async () => expect(await count()).toBe(451n));
    expect(await call('POST', 'resync', { topic: OWN })).toMatchObject({
      status: 200,
      body: { told: 450, missing: [] },
    });
    await eventually(async () => expect(await count()).toBe(901n));
    const versions = await busDatabase.query(
      `select distinct headers->>'ce_subjectversion' as version from log where topic = $1`,
      [OWN],
    );
    expect(versions).toEqual([{ version: '1' }]);
  }, 30_000);

  it('say how far the service has read', async () => {
    expect((await call('GET', 'positions')).body).toEqual({
      positions: [{ topic: FOREIGN, partition: 0, position: '3', high: '3', lag: '0' }],
    });
    const metrics = await fetch(`${await app.getUrl()}/metrics`);
    expect(await metrics.text()).toMatch(
      /dead_letters_total\{topic="underpin\.other\.lamps",reason="event\.not-json",service="toy"\} 1(.|\n)*consumer_lag\{service="toy"\} 0/,
    );
    expect(await (await fetch(`${await app.getUrl()}/health/ready`)).json()).toMatchObject({
      status: 'ready',
      reads: 1,
      halted: [],
    });
  });
});
