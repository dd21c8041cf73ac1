import { heardTableDdl } from '@underpin/platform/persistence/heard-table';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that every subject has, beside its own. */
const SUBJECT = 'version int not null, recorded_at int8 not null, reason text not null, happened_at int8 not null';

export class OutagesAndFigures1700000001000 implements MigrationInterface {
  readonly name = 'OutagesAndFigures1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outage (
        source text not null,
        external_id text not null,
        id uuid not null unique,
        beliefs jsonb not null,
        service text,
        party text,
        starts int8,
        ends int8,
        weight_bp int not null,
        state text not null check (state in ('measurable', 'incomplete', 'withdrawn')),
        span int8range generated always as (case when starts is not null and (ends is null or ends >= starts) then int8range(starts, ends) end) stored,
        ${SUBJECT},
        primary key (source, external_id)
      );
      create index outage_overlap on outage using gist (service, span) where state = 'measurable';
      create index outage_by_start on outage (service, starts);

      create table outage_report (
        outage_id uuid not null,
        id text not null,
        sequence int8,
        told_at int8,
        recorded_at int8 not null,
        says jsonb not null,
        primary key (outage_id, id)
      );

      -- Inserted in the outage's transaction, never updated: a burst of reports is one recount.
      create table pending_recount (
        id bigserial primary key,
        service text not null,
        measure_id text,
        starts int8 not null,
        ends int8,
        outage_id uuid
      );
      create index pending_recount_by_service on pending_recount (service);

      ${heardTableDdl('heard_service')};
      ${heardTableDdl('heard_party')};
      ${heardTableDdl('heard_agreement', 'service text not null')};
      create index heard_agreement_by_service on heard_agreement (service);

      create table measure (
        id text primary key,
        service text not null,
        definition jsonb not null,
        created_at int8 not null
      );
      create index measure_by_service on measure (service);

      -- The allowances to watch on a measure: the union over the agreements that share it.
      create table watched_allowance (
        measure_id text not null references measure,
        key text not null,
        agreement text not null,
        primary key (measure_id, key, agreement)
      );

      -- Which stretches of which agreements a measure serves: distinct ones share their figures.
      create table measured_term (
        measure_id text not null references measure,
        agreement text not null,
        from_at int8 not null,
        to_at int8,
        primary key (measure_id, agreement, from_at)
      );

      create table episode (
        measure_id text not null,
        starts int8 not null,
        ends int8,
        steps jsonb not null,
        outage_ids uuid[] not null,
        primary key (measure_id, starts)
      );

      create table figure (
        id text primary key,
        measure_id text not null references measure,
        service text not null,
        counted_party text,
        from_at int8 not null,
        to_at int8 not null,
        period_kind text not null,
        period_label text not null,
        period_from int8 not null,
        period_to int8 not null,
        zone text not null,
        cutoff_at int8 not null,
        historical boolean not null,
        agreed_ms int8 not null,
        projected_bpms numeric not null,
        down_bpms numeric not null,
        outages int not null,
        episodes int not null,
        longest_ms int8 not null,
        open_since int8,
        open_weight_bp int,
        crossings jsonb not null,
        status text not null check (status in ('open', 'closing', 'closed')),
        revision int not null,
        as_of int8 not null,
        cause text not null,
        closed jsonb,
        ${SUBJECT},
        unique (measure_id, from_at, to_at)
      );
      create index figure_by_service on figure (service, from_at);
      create index figure_by_period on figure (period_label);

      create table figure_revision (
        figure_id text not null,
        revision int not null,
        recorded_at int8 not null,
        content jsonb not null,
        cause text not null,
        primary key (figure_id, revision)
      );

      create table episode_in_period (
        figure_id text not null,
        episode_start int8 not null,
        down_bpms numeric not null,
        down_ms int8 not null,
        primary key (figure_id, episode_start)
      );
      create index episode_in_period_longest on episode_in_period (figure_id, down_ms desc);

      -- Which outages count as begun in a figure's span: a row each, so that repeated counting changes nothing.
      create table counted_outage (
        figure_id text not null,
        outage_id uuid not null,
        primary key (figure_id, outage_id)
      );
      create index counted_outage_by_outage on counted_outage (outage_id);

      create table closing_barrier (
        figure_id text not null,
        topic text not null,
        partition int not null,
        high int8 not null,
        primary key (figure_id, topic, partition)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('Measured history is never taken down: restore a backup instead.');
  }
}
