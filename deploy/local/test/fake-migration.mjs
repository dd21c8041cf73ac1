import pg from 'pg';

const owner = new pg.Client({ connectionString: process.env.UNDERPIN_DATABASE_OWNER_URL });
const role = new URL(process.env.UNDERPIN_DATABASE_URL).username;
await owner.connect();
await owner.query('create table if not exists visit (at timestamptz not null default clock_timestamp())');
await owner.query(`grant select, insert on visit to ${role}`);
await owner.end();
