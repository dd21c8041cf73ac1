import { ConfigReader } from '../service/config';
import { migrateBus } from './postgres-log.migration';
import { readTopics, topicsFile } from './topics-file';

/**
 * The command that prepares the Postgres log: schema, topics and grants, as the owner of the bus database.
 * `UNDERPIN_BUS_DATABASE_OWNER_URL`, `UNDERPIN_BUS_APP_ROLES` (separated by commas), `UNDERPIN_TOPICS_FILE` (optional).
 */
export const migrateBusFrom = async (env: Readonly<Record<string, string | undefined>>): Promise<number> => {
  const read = new ConfigReader(env);
  const ownerUrl = read.postgresUrl(
    'UNDERPIN_BUS_DATABASE_OWNER_URL',
    'the database of the Postgres log, with the role that owns it',
  );
  const roles = read.text('UNDERPIN_BUS_APP_ROLES', 'the roles that the services run as, separated by commas');
  read.check();
  const topics = readTopics(topicsFile(env));
  const appRoles = roles
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  await migrateBus({ ownerUrl, appRoles, topics });
  return topics.length;
};

if (require.main === module)
  migrateBusFrom(process.env)
    .then((count) => process.stdout.write(`bus: schema is up to date, ${count} topics\n`))
    .catch((error: unknown) => {
      process.stderr.write(`bus: the migration failed: ${(error as Error).message}\n`);
      process.exitCode = 1;
    });
