import type { MigrationInterface, QueryRunner } from 'typeorm';
import { messagingTables } from '../../messaging/tables.sql';

/** What every service has: the event plumbing's tables, the audit trail and the timers. */
export class PlatformTables1700000000000 implements MigrationInterface {
  readonly name = 'PlatformTables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create extension if not exists btree_gist');
    await runner.query(messagingTables);
    await runner.query(`
      create table audit (
        id bigserial primary key,
        at int8 not null,
        who text not null,
        door text not null,
        use_case text not null,
        subject text not null,
        key text not null,
        version_before int not null,
        version_after int not null,
        facts text not null,
        correlation_id text not null,
        causation_id text
      );
      create index audit_by_key on audit (subject, key);

      create table timer (
        kind text not null,
        key text not null,
        due_at int8 not null,
        primary key (kind, key)
      );
      create index timer_due on timer (due_at);

      -- Business time of a trial installation: a row only at the service that keeps the clock, and only there.
      create table steered_clock (
        id text primary key,
        offset_ms int8 not null,
        version int not null,
        recorded_at int8 not null,
        reason text not null,
        happened_at int8 not null
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('The platform tables are never taken down: restore a backup instead.');
  }
}
