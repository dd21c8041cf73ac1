import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBinary, type Envelope } from '@underpin/contracts/envelope';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { newApiKey } from '../auth/api-keys';
import { PostgresLog } from '../messaging/postgres-log';
import { migrateBus } from '../messaging/postgres-log.migration';
import { readTopics, topicsFile } from '../messaging/topics-file';
import { migrate } from '../persistence/migrate';
import type { ServiceDefinition } from './definition';
import { startService, type RunningService } from './start-service';

/** An answer as a caller sees it. */

export interface Answer<B = any> {
  readonly status: number;
  readonly body: B;
  readonly headers: Headers;
}

/** A service as it runs, with a database and a Postgres log of its own: seen over HTTP, through the bus, and (to look at rows) in its database. */
export interface ServiceUnderTest {
  readonly url: string;
  readonly db: FreshDatabase;
  readonly bus: PostgresLog;
  /** Calls a route, with a key that has every scope unless `headers` says otherwise. A text goes as it is. */
  call<B = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<B>>;
  /** A key with these scopes: the header to call with. */
  keyFor(...scopes: string[]): Record<string, string>;
  /** Puts an event on the bus. */
  tell(topic: string, event: Envelope): Promise<void>;
  /** Everything that is on a topic, in the order of each partition. */
  told<D = unknown>(topic: string): Promise<{ type: string; key: string; data: D }[]>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one. `env` is added to its configuration. */
export const serviceUnderTest = async (
  service: ServiceDefinition,
  env: Record<string, string> = {},
): Promise<ServiceUnderTest> => {
  const db = await freshDatabase({
    migrate: async (ownerUrl, appRole) =>
      void (await migrate({ ownerUrl, appRole, migrations: service.migrations, appendOnly: service.appendOnly })),
    template: service.name,
  });
  const log = await freshDatabase({
    migrate: (ownerUrl, appRole) =>
      migrateBus({
        ownerUrl,
        appRoles: [appRole],
        topics: readTopics(topicsFile()).map((topic) => ({ ...topic, partitions: 2 })),
      }),
    template: 'bus',
  });
  const place = mkdtempSync(join(tmpdir(), 'underpin-keys-'));
  const keysFile = join(place, 'keys.json');
  const keys = [newApiKey('everything', ['*'])];
  const writeKeys = (): void => writeFileSync(keysFile, JSON.stringify(keys.map((key) => key.entry)));
  const scoped = new Map<string, string>();
  for (const scope of ['read', 'write', 'approve', 'admin']) {
    const key = newApiKey(scope, [`${service.name}:${scope}`]);
    keys.push(key);
    scoped.set(`${service.name}:${scope}`, key.text);
  }
  writeKeys();

  const start = (): Promise<RunningService> =>
    startService(service, {
      UNDERPIN_PORT: '0',
      UNDERPIN_DATABASE_URL: db.appUrl,
      UNDERPIN_BUS: 'postgres',
      UNDERPIN_BUS_DATABASE_URL: log.appUrl,
      UNDERPIN_API_KEYS_FILE: keysFile,
      UNDERPIN_LOG_LEVEL: process.env['UNDERPIN_LOG_LEVEL'] ?? 'silent',
      ...env,
    });
  let running = await start();
  const bus = new PostgresLog({ url: log.appUrl, applicationName: 'test' });

  return {
    get url() {
      return running.url;
    },
    db,
    bus,
    async call<B>(
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answer<B>> {
      const answer = await fetch(`${running.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${keys[0]?.text ?? ''}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: bodyOf(text, answer.headers) as B };
    },
    keyFor(scope: string) {
      const text = scoped.get(scope);
      if (text === undefined) throw new Error(`There is no key for ${scope}: ${[...scoped.keys()].join(', ')}`);
      return { authorization: `Bearer ${text}` };
    },
    async tell(topic, event) {
      await bus.append(topic, [toBinary(event)]);
    },
    async told<D>(topic: string) {
      const rows = await log.query<{ key: string; headers: Record<string, string>; value: string }>(
        'select key, headers, value from log where topic = $1 order by p, "offset"',
        [topic],
      );
      return rows.map(({ key, headers, value }) => ({
        type: headers['ce_type'] ?? '',
        key,
        data: JSON.parse(value) as D,
      }));
    },
    async restart() {
      await running.stop();
      running = await start();
    },
    async stop() {
      await running.stop();
      await bus.close();
      await db.drop();
      await log.drop();
      rmSync(place, { recursive: true, force: true });
    },
  };
};

const bodyOf = (text: string, headers: Headers): unknown =>
  /json/.test(headers.get('content-type') ?? '') ? JSON.parse(text) : text;
