import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { TopicDeclaration } from './bus';

/**
 * The Postgres log: what a Kafka cluster is at scale, one database is on one machine.
 *
 * - `partition.next_offset` hands out dense offsets; its row lock makes appends to one partition serial.
 * - `partition.low_offset` is the first offset that retention has left; of a state topic it stays, since what is deleted there
 *   is superseded and nobody needs it.
 * - `member` says who is alive in a group, `lease` who reads which partition; `generation` fences one who comes back.
 *
 * All times are the machine's, in milliseconds.
 */
class BusTables1700000000000 implements MigrationInterface {
  readonly name = 'BusTables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table topic (
        name text primary key,
        shape text not null check (shape in ('state', 'record')),
        partitions int not null check (partitions > 0),
        retention_ms int8,
        check (shape = 'record' or retention_ms is null)
      );

      create table partition (
        topic text not null references topic,
        p int not null,
        next_offset int8 not null default 0,
        low_offset int8 not null default 0,
        swept_to int8 not null default 0,
        primary key (topic, p)
      ) with (fillfactor = 50);

      create table log (
        topic text not null,
        p int not null,
        "offset" int8 not null,
        key text not null,
        headers jsonb not null,
        value text not null,
        appended_at int8 not null,
        primary key (topic, p, "offset")
      );

      create table member (
        group_name text not null,
        name text not null,
        alive_until int8 not null,
        primary key (group_name, name)
      );

      create table lease (
        group_name text not null,
        topic text not null,
        p int not null,
        member text not null,
        generation int8 not null,
        held_until int8 not null,
        primary key (group_name, topic, p)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('The log is never taken down: it holds what has not been read yet.');
  }
}

export interface MigrateBusOptions {
  /** Connection of the role that owns the bus database. */
  readonly ownerUrl: string;
  /** The running roles of all services: they append, read and hold leases, and cannot change the schema or the topics. */
  readonly appRoles: readonly string[];
  /** Topics come into being here, never by accident. Partitions of a topic that exists stay as many as they are. */
  readonly topics: readonly TopicDeclaration[];
}

/** Brings the bus database to the present schema, makes the topics and grants to the services. Safe to repeat. */
export const migrateBus = async ({ ownerUrl, appRoles, topics }: MigrateBusOptions): Promise<void> => {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    poolSize: 2,
    migrations: [BusTables1700000000000],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock(727362)');
    await source.runMigrations();
    await declareTopics(source, topics);
    for (const role of appRoles) await grant(source, role);
  } finally {
    await lock.query('select pg_advisory_unlock(727362)').catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
};

const declareTopics = async (source: DataSource, topics: readonly TopicDeclaration[]): Promise<void> => {
  for (const { name, shape, partitions, retentionMs } of topics)
    await source.query(
      `insert into topic (name, shape, partitions, retention_ms) values ($1, $2, $3, $4)
       on conflict (name) do update set retention_ms = excluded.retention_ms`,
      [name, shape, partitions, retentionMs ?? null],
    );
  await source.query(
    `insert into partition (topic, p) select name, p from topic, generate_series(0, partitions - 1) as p on conflict do nothing`,
  );
};

const grant = async (source: DataSource, appRole: string): Promise<void> => {
  const role = `"${appRole.replaceAll('"', '""')}"`;
  const [{ name }] = await source.query<[{ name: string }]>('select quote_ident(current_database()) as name');
  await source.query(`grant connect on database ${name} to ${role}`);
  await source.query(`grant usage on schema public to ${role}`);
  await source.query(`grant select on topic, partition, log, member, lease to ${role}`);
  await source.query(`grant update on partition to ${role}`);
  await source.query(`grant insert, delete on log to ${role}`);
  await source.query(`grant insert, update, delete on member, lease to ${role}`);
};
