import { heardTableDdl } from '@underpin/platform/persistence/heard-table';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that every subject has, beside its own. */
const SUBJECT = 'version int not null, recorded_at int8 not null, reason text not null, happened_at int8 not null';

export class AgreementsAndAttainments1700000001000 implements MigrationInterface {
  readonly name = 'AgreementsAndAttainments1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table service (
        slug text primary key,
        name text not null,
        owner text,
        criticality text check (criticality in ('low', 'medium', 'high', 'critical')),
        vital_business_functions jsonb not null,
        users int8,
        depends_on jsonb not null,
        live_since int8,
        promised_since int8,
        retired_at int8,
        ${SUBJECT}
      );

      create table party (
        slug text primary key,
        kind text not null check (kind in ('customer', 'supplier', 'team')),
        name text not null,
        currency text,
        zone text,
        contacts jsonb not null,
        ${SUBJECT}
      );

      create table agreement (
        reference text primary key,
        kind text not null check (kind in ('SLA', 'OLA', 'UC')),
        service text not null references service,
        provider text references party,
        recipient text references party,
        status text not null check (status in ('draft', 'agreed', 'in-force', 'expired')),
        entered_at int8 not null,
        content jsonb not null,
        ${SUBJECT}
      );
      create index agreement_by_service on agreement (service, reference);
      create index agreement_by_provider on agreement (provider) where provider is not null;
      create index agreement_by_recipient on agreement (recipient) where recipient is not null;

      -- By what a figure is judged: targets and tiers, shared by all terms that have the same.
      create table criteria (
        id text primary key,
        targets jsonb not null,
        tiers jsonb not null
      );

      -- What was agreed, so that a figure finds it by its measure and dates.
      create table agreement_term (
        agreement text not null references agreement,
        number int not null,
        measure_id text not null,
        from_at int8 not null,
        to_at int8,
        criteria text not null references criteria,
        primary key (agreement, number)
      );
      create index agreement_term_by_measure on agreement_term (measure_id, from_at);

      ${heardTableDdl('heard_figure', 'measure_id text not null, service text not null, from_at int8 not null, to_at int8 not null')};
      create index heard_figure_by_measure on heard_figure (measure_id, from_at);

      create table attainment (
        agreement text not null,
        from_at int8 not null,
        to_at int8 not null,
        kind text not null,
        service text not null,
        provider text,
        recipient text,
        term int not null,
        period jsonb not null,
        status text not null check (status in ('open', 'closed')),
        state text not null check (state in ('measuring', 'at-risk', 'met', 'missed', 'not-measured')),
        targets jsonb not null,
        figure_id text not null,
        closed jsonb,
        restatement_pending boolean not null,
        revision int not null,
        as_of int8 not null,
        -- Everything of which a change is worth a revision, as one text.
        outcome text not null,
        ${SUBJECT},
        primary key (agreement, from_at)
      );
      create index attainment_by_service on attainment (service, from_at);

      create table attainment_revision (
        agreement text not null,
        from_at int8 not null,
        revision int not null,
        recorded_at int8 not null,
        facts text not null,
        status text not null,
        targets jsonb not null,
        restatement_pending boolean not null,
        primary key (agreement, from_at, revision)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('Agreements and what became of them are never taken down: restore a backup instead.');
  }
}
