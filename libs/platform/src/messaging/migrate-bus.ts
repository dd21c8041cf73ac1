import { ConfigReader } from '../service/config';
import { declareKafkaTopics } from './kafka-topics';
import { migrateBus } from './postgres-log.migration';
import { readTopics, topicsFile } from './topics-file';

/**
 * The command that prepares the bus: with `UNDERPIN_BUS=kafka` the topics at `UNDERPIN_KAFKA_BROKERS`; else the Postgres log (schema,
 * topics and grants), as the owner of its database: `UNDERPIN_BUS_DATABASE_OWNER_URL`, `UNDERPIN_BUS_APP_ROLES` (separated by
 * commas). `UNDERPIN_TOPICS_FILE` names another topics file. Gives the number of topics.
 */
export const migrateBusFrom = async (env: Readonly<Record<string, string | undefined>>): Promise<number> => {
  const read = new ConfigReader(env);
  const topics = readTopics(topicsFile(env));
  if (read.oneOf('UNDERPIN_BUS', ['postgres', 'kafka'], 'postgres') === 'kafka') {
    const brokers = read.text('UNDERPIN_KAFKA_BROKERS', 'the Kafka brokers as host:port, separated by commas');
    read.check();
    await declareKafkaTopics({ brokers: listed(brokers), topics });
  } else {
    const ownerUrl = read.postgresUrl(
      'UNDERPIN_BUS_DATABASE_OWNER_URL',
      'the database of the Postgres log, with the role that owns it',
    );
    const roles = read.text('UNDERPIN_BUS_APP_ROLES', 'the roles that the services run as, separated by commas');
    read.check();
    await migrateBus({ ownerUrl, appRoles: listed(roles), topics });
  }
  return topics.length;
};

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

if (require.main === module)
  migrateBusFrom(process.env)
    .then((count) => process.stdout.write(`bus: up to date, ${count} topics\n`))
    .catch((error: unknown) => {
      process.stderr.write(`bus: the migration failed: ${(error as Error).message}\n`);
      process.exitCode = 1;
    });
