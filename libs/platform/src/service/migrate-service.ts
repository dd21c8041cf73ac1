import { migrate } from '../persistence/migrate';
import { ConfigReader } from './config';
import type { ServiceDefinition } from './definition';

/** The `migrate` command of a service: brings its database to the present schema, as its owner. */
export const migrateService = async (
  service: Pick<ServiceDefinition, 'name' | 'migrations' | 'appendOnly'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> => {
  const read = new ConfigReader(env);
  const ownerUrl = read.postgresUrl(
    'UNDERPIN_DATABASE_OWNER_URL',
    `the database of ${service.name}, with the role that owns it`,
  );
  const appUrl = read.postgresUrl(
    'UNDERPIN_DATABASE_URL',
    `the database of ${service.name}, with the role that the service runs as`,
  );
  read.check();
  const applied = await migrate({
    ownerUrl,
    appRole: decodeURIComponent(new URL(appUrl).username),
    migrations: service.migrations,
    appendOnly: service.appendOnly,
  });
  process.stdout.write(
    `${service.name}: ${applied === 0 ? 'schema is up to date' : `${applied} migration(s) applied`}\n`,
  );
};

/** Runs the command and ends the process with a sentence if it fails. */
export const runMigration = (service: Pick<ServiceDefinition, 'name' | 'migrations' | 'appendOnly'>): void => {
  migrateService(service).catch((error: unknown) => {
    process.stderr.write(`${service.name}: the migration failed: ${(error as Error).message}\n`);
    process.exitCode = 1;
  });
};
