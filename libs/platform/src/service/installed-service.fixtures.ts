import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { newApiKey } from '../auth/api-keys';
import { migrateBus } from '../messaging/postgres-log.migration';
import { readTopics, topicsFile } from '../messaging/topics-file';
import { migrate } from '../persistence/migrate';
import type { ServiceDefinition } from './definition';
import { startService, type RunningService } from './start-service';

/** An event as it stands on the bus. */
export interface Told {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Record<string, unknown>;
}

/** What a service answered, with its JSON read. */
export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test asserts on answers of any shape
  readonly body: any;
}

/** A service that runs for a spec file, with databases of its own and a bus that nobody else reads. */
export interface InstalledService {
  readonly url: string;
  readonly database: FreshDatabase;
  readonly env: Readonly<Record<string, string>>;
  /** Sends a request; a body that is no text goes as JSON. Scopes are all, unless a key says otherwise. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The text of a key with these scopes, known from the start. */
  key(scopes: string): string;
  /** What was told on a topic, in the order of each key. */
  told(topic: string): Promise<Told[]>;
  remove(): Promise<void>;
}

/**
 * Installs and starts a service on real databases.
 *
 * @param scopes other keys to hand out, each by its scopes separated by spaces
 */
export const installedService = async (
  service: ServiceDefinition,
  scopes: readonly string[] = [],
): Promise<InstalledService> => {
  const folder = mkdtempSync(join(tmpdir(), `underpin-${service.name}-`));
  const keys = new Map(['*', ...scopes].map((each) => [each, newApiKey(each, each.split(' '))]));
  const keysFile = join(folder, 'keys.json');
  writeFileSync(keysFile, JSON.stringify([...keys.values()].map(({ entry }) => entry)), { mode: 0o600 });

  const { migrations, appendOnly, name } = service;
  const [database, bus] = await Promise.all([
    freshDatabase({
      template: name,
      migrate: (ownerUrl, appRole) => migrate({ ownerUrl, appRole, migrations, appendOnly }).then(() => undefined),
    }),
    freshDatabase({
      template: 'bus',
      migrate: (ownerUrl, appRole) =>
        migrateBus({ ownerUrl, appRoles: [appRole], topics: readTopics(topicsFile({})) }).then(() => undefined),
    }),
  ]);
  const env = {
    UNDERPIN_PORT: '0',
    UNDERPIN_DATABASE_URL: database.appUrl,
    UNDERPIN_BUS_DATABASE_URL: bus.appUrl,
    UNDERPIN_API_KEYS_FILE: keysFile,
    UNDERPIN_LOG_LEVEL: 'silent',
  };
  const running: RunningService = await startService(service, env);
  const key = (of: string): string => keys.get(of)?.text ?? '';

  return {
    url: running.url,
    database,
    env,
    key,
    ask: async (method, path, body, headers = {}) => {
      const response = await fetch(`${running.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key('*')}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    told: async (topic) => {
      const rows = await bus.query<{ key: string; headers: Record<string, string>; value: string }>(
        'select key, headers, value from log where topic = $1 order by key, "offset"',
        [topic],
      );
      return rows.map(({ key: of, headers, value }) => ({
        key: of,
        headers,
        data: JSON.parse(value) as Record<string, unknown>,
      }));
    },
    remove: async () => {
      await running.stop();
      await Promise.all([database.drop(), bus.drop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
