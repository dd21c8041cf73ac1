// Stands in for the migration of a service, and for that of the bus: one table that the running roles may read and add to.
import pg from 'pg';

const { UNDERPIN_DATABASE_OWNER_URL, UNDERPIN_DATABASE_URL, UNDERPIN_BUS_DATABASE_OWNER_URL, UNDERPIN_BUS_APP_ROLES } =
  process.env;

if (!UNDERPIN_BUS_DATABASE_OWNER_URL && !UNDERPIN_DATABASE_OWNER_URL) process.exit(0); // the topics of a Kafka, which is not there

const owner = new pg.Client({ connectionString: UNDERPIN_BUS_DATABASE_OWNER_URL ?? UNDERPIN_DATABASE_OWNER_URL });
const roles = UNDERPIN_BUS_APP_ROLES ?? new URL(UNDERPIN_DATABASE_URL).username;
await owner.connect();
await owner.query('create table if not exists visit (at timestamptz not null default clock_timestamp())');
await owner.query(`grant select, insert on visit to ${roles}`);
await owner.end();
