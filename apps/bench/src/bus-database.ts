import { migrateBus } from '@underpin/platform/messaging/postgres-log.migration';
import { readTopics, topicsFile } from '@underpin/platform/messaging/topics-file';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';

/** A Postgres log with the topics of an installation. */
export const busDatabase = (): Promise<FreshDatabase> =>
  freshDatabase({
    template: 'bus',
    migrate: (ownerUrl, appRole) =>
      migrateBus({ ownerUrl, appRoles: [appRole], topics: readTopics(topicsFile({})) }).then(() => undefined),
  });

/** What tells a service to use it. */
export const postgresBus = ({ appUrl }: FreshDatabase): Record<string, string> => ({
  UNDERPIN_BUS: 'postgres',
  UNDERPIN_BUS_DATABASE_URL: appUrl,
});
