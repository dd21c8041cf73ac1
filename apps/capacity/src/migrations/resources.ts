import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Resources1700000001000 implements MigrationInterface {
  readonly name = 'Resources1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table resource (
        slug text primary key,
        name text not null,
        kind text not null,
        status text not null check (status in ('in-use', 'retired')),
        service text,
        supplier text,
        unit text not null,
        capacity numeric check (capacity > 0),
        version int not null,
        recorded_at int8 not null,
        reason text not null,
        happened_at int8 not null
      );
      create index resource_by_service on resource (service);
    `);
  }

  async down(): Promise<void> {
    throw new Error('A register is never taken down: restore a backup instead.');
  }
}
