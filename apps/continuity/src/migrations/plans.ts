import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Plans1700000001000 implements MigrationInterface {
  readonly name = 'Plans1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table plan (
        slug text primary key,
        name text not null,
        status text not null check (status in ('approved', 'retired')),
        services text[] not null check (cardinality(services) between 1 and 50),
        rto text not null,
        rpo text not null,
        option text not null,
        owner text,
        approved_at int8 not null,
        version int not null,
        recorded_at int8 not null,
        reason text not null,
        happened_at int8 not null
      )
    `);
  }

  async down(): Promise<void> {
    throw new Error('A register is never taken down: restore a backup instead.');
  }
}
