/**
 * Prepares an installation before its services start: roles and databases, schemas, topics, one API key. Safe to repeat: what is
 * there stays as it is.
 */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { newApiKey } from '@underpin/platform/auth/api-keys';
import { migrateBusFrom } from '@underpin/platform/messaging/migrate-bus';
import { ConfigReader } from '@underpin/platform/service/config';

const SERVICES = ['service-level', 'availability', 'capacity', 'continuity', 'financial'];

const read = new ConfigReader(process.env);
const adminUrl = read.postgresUrl(
  'UNDERPIN_ADMIN_DATABASE_URL',
  'the PostgreSQL server, with a role that may create roles and databases',
);
const password = read.text('UNDERPIN_DATABASE_PASSWORD', 'the password that the owners and the running roles get');
const keysFolder = read.text('UNDERPIN_KEYS_FOLDER', 'where keys.json and api-key.txt are kept', '/keys');

/** A password that everybody can read is for this machine alone. */
const SAMPLE_PASSWORD = 'underpin-on-this-machine-only';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const refuseSampleElsewhere = (): void => {
  if (password === SAMPLE_PASSWORD && process.env['UNDERPIN_PUBLISHED_ON'] !== '127.0.0.1')
    read.problems.push(
      'UNDERPIN_DATABASE_PASSWORD is the sample of docker-compose.yml, and the ports are not published on 127.0.0.1 alone: set a password of your own',
    );
};

const databaseOf = (service: string): string => `underpin_${service.replaceAll('-', '_')}`;

const urlOf = (role: string, database: string): string => {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.toString();
};

const prepareDatabases = async (): Promise<void> => {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    for (const database of SERVICES.map(databaseOf)) {
      for (const role of [`${database}_owner`, `${database}_app`]) {
        const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
        const verb = rowCount === 0 ? 'create' : 'alter';
        await admin.query(
          `${verb} role ${escapeIdentifier(role)} login nosuperuser password ${escapeLiteral(password)}`,
        );
      }
      const { rowCount } = await admin.query('select from pg_database where datname = $1', [database]);
      const name = escapeIdentifier(database);
      if (rowCount === 0) await admin.query(`create database ${name} owner ${escapeIdentifier(`${database}_owner`)}`);
      await admin.query(`revoke all on database ${name} from public`);
      await admin.query(`grant connect on database ${name} to ${escapeIdentifier(`${database}_app`)}`);
    }
  } finally {
    await admin.end();
  }
};

const migrate = (service: string): Promise<void> =>
  new Promise((done, failed) => {
    const database = databaseOf(service);
    spawn(process.execPath, [resolve(__dirname, `../../../apps/${service}/dist/migrate.js`)], {
      stdio: 'inherit',
      env: {
        ...process.env,
        UNDERPIN_DATABASE_OWNER_URL: urlOf(`${database}_owner`, database),
        UNDERPIN_DATABASE_URL: urlOf(`${database}_app`, database),
      },
    })
      .once('error', failed)
      .once('exit', (code) =>
        code === 0 ? done() : failed(new Error(`the migration of ${service} ended with exit code ${code}`)),
      );
  });

const prepareKey = (): void => {
  const [keys, text] = [join(keysFolder, 'keys.json'), join(keysFolder, 'api-key.txt')];
  if (existsSync(keys)) return void say(`API key: there already (${text})`);
  const key = newApiKey('compose', ['*']);
  writeFileSync(text, `${key.text}\n`, { mode: 0o600 });
  writeFileSync(keys, `${JSON.stringify([key.entry], null, 2)}\n`, { mode: 0o600 });
  say(`API key: ${key.text}`);
};

const prepare = async (): Promise<void> => {
  refuseSampleElsewhere();
  read.check();
  await prepareDatabases();
  say('databases and roles: all there');
  for (const service of SERVICES) await migrate(service);
  await migrateBusFrom({ ...process.env, UNDERPIN_BUS: 'kafka' });
  say('topics: all there');
  prepareKey();
};

prepare().catch((error: unknown) => {
  process.stderr.write(`The installation could not be prepared: ${(error as Error).message}\n`);
  process.exitCode = 1;
});
