// Stands in for a service, and ends at once when the test wants it so (FAKE_ENDS_ON is its port).
// Honours the environment of a service: `POST /visits` writes a row to its database and one to the bus, `GET /visits` counts them; anything else is "ready".
import { createServer } from 'node:http';
import pg from 'pg';

const { UNDERPIN_DATABASE_URL, UNDERPIN_BUS_DATABASE_URL, UNDERPIN_HOST, UNDERPIN_PORT } = process.env;

if (process.env.FAKE_ENDS_ON === UNDERPIN_PORT) {
  console.error('{"level":"fatal","message":"This process cannot start","err":{"message":"no lamp oil"}}');
  process.exit(3);
}

const on = async (url, sql) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
};

const answer = async ({ method, url }) => {
  if (url === '/refused') return on(UNDERPIN_DATABASE_URL, 'create table not_allowed (id int)');
  if (url !== '/visits') return { pid: process.pid };
  if (method === 'POST')
    for (const database of [UNDERPIN_DATABASE_URL, UNDERPIN_BUS_DATABASE_URL])
      await on(database, 'insert into visit default values');
  return on(UNDERPIN_DATABASE_URL, 'select count(*)::int as visits from visit');
};

const server = createServer((request, response) => {
  answer(request).then(
    (body) => response.end(JSON.stringify(body)),
    (error) => response.writeHead(500).end(JSON.stringify({ message: error.message })),
  );
}).listen(Number(UNDERPIN_PORT), UNDERPIN_HOST);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
