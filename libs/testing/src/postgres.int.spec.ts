import { Client } from 'pg';
import { freshDatabase, type FreshDatabase } from './postgres';

const opened: FreshDatabase[] = [];
const fresh = async (...options: Parameters<typeof freshDatabase>) => {
  const database = await freshDatabase(...options);
  opened.push(database);
  return database;
};
afterAll(() => Promise.all(opened.map((database) => database.drop())));

async function as<R>(url: string, sql: string): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a fresh database', () => {
  it('is empty, in UTC, in UTF-8 and sorts by code point', async () => {
    const { query } = await fresh();
    expect(await query(`select count(*) as n from pg_tables where schemaname = 'public'`)).toEqual([{ n: '0' }]);
    expect(
      await query(`select current_setting('timezone') as zone, current_setting('server_encoding') as encoding`),
    ).toEqual([{ zone: 'UTC', encoding: 'UTF8' }]);
    expect(await query(`select w from unnest(array['a', 'B']) w order by w`)).toEqual([{ w: 'B' }, { w: 'a' }]);
  });

  it('belongs to the spec alone: another one does not see its rows', async () => {
    const [mine, theirs] = await Promise.all([fresh(), fresh()]);
    await mine.query('create table outage (id text)');
    expect(await theirs.query(`select to_regclass('outage') as found`)).toEqual([{ found: null }]);
    await expect(as(theirs.appUrl.replace(theirs.name, mine.name), 'select 1')).rejects.toThrow(
      /permission denied|password/,
    );
  });

  it('lets the running role do what it was granted, and nothing else', async () => {
    const { appUrl } = await fresh({
      async migrate(ownerUrl, appRole) {
        await as(ownerUrl, 'create table ledger (amount numeric); insert into ledger values (12.5)');
        await as(ownerUrl, `grant select on ledger to ${appRole}`);
      },
    });
    expect(await as(appUrl, 'select amount from ledger')).toEqual([{ amount: '12.5' }]);
    await expect(as(appUrl, 'delete from ledger')).rejects.toThrow('permission denied for table ledger');
    await expect(as(appUrl, 'create table mine (n int)')).rejects.toThrow('permission denied for schema public');
  });

  it('lets its owner create the extension that overlap constraints need', async () => {
    const { query } = await fresh();
    await query('create extension btree_gist');
    expect(await query(`select extname from pg_extension where extname = 'btree_gist'`)).toHaveLength(1);
  });

  it('is gone after drop, whoever is still connected', async () => {
    const { name, appUrl, drop } = await fresh();
    const straggler = new Client({ connectionString: appUrl });
    const thrownOff = new Promise((resolve) => straggler.on('error', resolve));
    await straggler.connect();
    await drop();
    await thrownOff;
    await expect(as(appUrl, 'select 1')).rejects.toThrow(`database "${name}" does not exist`);
  });
});

describe('databases of one template', () => {
  it('are migrated once, even when asked for at the same time, and do not share rows', async () => {
    let migrations = 0;
    const options = {
      template: 'migrated-once',
      async migrate(ownerUrl: string, appRole: string) {
        migrations += 1;
        await as(ownerUrl, `create table party (slug text primary key); grant select, insert on party to ${appRole}`);
      },
    };
    const [first, second, third] = await Promise.all([fresh(options), fresh(options), fresh(options)]);
    await as(first.appUrl, `insert into party values ('acme')`);
    expect(migrations).toBe(1);
    expect(await as(second.appUrl, 'select * from party')).toEqual([]);
    await expect(as(third.appUrl, 'delete from party')).rejects.toThrow('permission denied');
  });

  it('are migrated anew after a migration that failed', async () => {
    const template = 'fails-at-first';
    const failing = fresh({
      template,
      async migrate(ownerUrl) {
        await as(ownerUrl, 'create table half_done (n int)');
        throw new Error('the migration is wrong');
      },
    });
    await expect(failing).rejects.toThrow('the migration is wrong');
    const { query } = await fresh({
      template,
      migrate: async (ownerUrl) => void (await as(ownerUrl, 'create table done (n int)')),
    });
    expect(await query(`select tablename from pg_tables where schemaname = 'public'`)).toEqual([{ tablename: 'done' }]);
  });
});
