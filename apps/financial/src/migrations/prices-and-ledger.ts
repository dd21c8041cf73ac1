import { heardTableDdl } from '@underpin/platform/persistence/heard-table';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ACCOUNTS, JOURNAL_KINDS } from '../ledger/journal';

/** Columns that every subject has, beside its own. */
const SUBJECT = 'version int not null, recorded_at int8 not null, reason text not null, happened_at int8 not null';

const oneOf = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

export class PricesAndLedger1700000005000 implements MigrationInterface {
  readonly name = 'PricesAndLedger1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(heard);
    await runner.query(ledger);
    await runner.query(ledgerRules);
    await runner.query(subjects);
    await runner.query(documents);
  }

  async down(): Promise<void> {
    throw new Error('Books are never taken down: restore a backup instead.');
  }
}

const heard = `
  ${heardTableDdl('heard_service')};
  ${heardTableDdl('heard_party', 'kind text not null')};
  ${heardTableDdl('heard_agreement')};
  ${heardTableDdl('heard_attainment', 'agreement text not null, from_at int8 not null, service text not null, party text')};
  create index heard_attainment_by_agreement on heard_attainment (agreement);
  create index heard_attainment_by_price on heard_attainment (service, party);

  -- Inserted in the transaction of a change, never updated: a burst of changes is one reckoning.
  create table pending_reckoning (
    id bigserial primary key,
    scope text not null check (scope in ('attainment', 'agreement', 'price')),
    key text not null
  );
  create index pending_reckoning_by_scope on pending_reckoning (scope, id);
`;

const ledger = `
  create table accounting_period (
    month text primary key check (month ~ '^\\d{4}-\\d{2}$'),
    zone text not null,
    status text not null check (status in ('open', 'soft-closed', 'closed')),
    opened_at int8 not null,
    closed_at int8
  );

  create table journal (
    id uuid primary key,
    accounting_period text not null references accounting_period,
    at int8 not null,
    kind text not null check (kind in (${oneOf(JOURNAL_KINDS)})),
    cites text not null check (cites <> ''),
    obligation text,
    agreement text,
    document uuid,
    -- The transaction that posted it: entries are never added afterwards.
    posted_by xid8 not null default pg_current_xact_id()
  );
  create index journal_by_cites on journal (cites text_pattern_ops);
  create index journal_by_obligation on journal (obligation);
  create index journal_by_agreement on journal (agreement);

  create table entry (
    journal uuid not null references journal,
    line int not null,
    account text not null check (account in (${oneOf(ACCOUNTS)})),
    party text not null,
    amount numeric(19,4) not null check (amount <> 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    primary key (journal, line)
  );
  create index entry_by_account on entry (account, currency);
  create index entry_by_party on entry (party, journal);
`;

const ledgerRules = `
  create function refuse_closed_accounting_period() returns trigger language plpgsql as $$
  declare
    found_status text;
  begin
    select status into found_status from accounting_period where month = new.accounting_period for share;
    if found_status = 'open' or (found_status = 'soft-closed' and new.kind = 'adjustment') then
      return new;
    end if;
    raise exception 'the accounting period % is %: post into one that is open', new.accounting_period, coalesce(found_status, 'unknown')
      using errcode = 'check_violation', constraint = 'journal_accounting_period_open';
  end $$;
  create trigger journal_accounting_period_open before insert on journal
    for each row execute function refuse_closed_accounting_period();

  create function refuse_unbalanced(posted uuid) returns void language plpgsql as $$
  declare
    off record;
  begin
    select currency, sum(amount) as amount into off from entry where journal = posted group by currency having sum(amount) <> 0 limit 1;
    if found then
      raise exception 'journal % is out of balance by % %', posted, off.amount, off.currency
        using errcode = 'check_violation', constraint = 'journal_balanced';
    end if;
    if not exists (select 1 from entry where journal = posted) then
      raise exception 'journal % has no entries', posted using errcode = 'check_violation', constraint = 'journal_balanced';
    end if;
    if not exists (select 1 from journal where id = posted and posted_by = pg_current_xact_id()) then
      raise exception 'journal % was posted before: correct it by another one', posted
        using errcode = 'check_violation', constraint = 'journal_complete';
    end if;
  end $$;

  create function check_journal() returns trigger language plpgsql as $$
  begin
    perform refuse_unbalanced(new.id);
    return null;
  end $$;
  create constraint trigger journal_balanced after insert on journal deferrable initially deferred
    for each row execute function check_journal();

  create function check_entry() returns trigger language plpgsql as $$
  begin
    perform refuse_unbalanced(new.journal);
    return null;
  end $$;
  create constraint trigger entry_balanced after insert on entry deferrable initially deferred
    for each row execute function check_entry();
`;

const subjects = `
  create table price (
    service text not null,
    party text not null,
    currency text not null,
    zone text not null,
    rates jsonb not null,
    ${SUBJECT},
    primary key (service, party)
  );
  create index price_by_party on price (party, service);

  create table obligation (
    agreement text not null,
    from_at int8 not null,
    to_at int8 not null,
    service text not null,
    party text not null,
    direction text not null check (direction in ('credit', 'claim')),
    status text not null check (status in ('waiting', 'none', 'accrued', 'eligible', 'settled')),
    waiting_for jsonb not null,
    attainment_revision int8 not null,
    currency text,
    fee numeric(19,4),
    credits jsonb not null,
    percent text not null,
    cap_used text,
    amount numeric(19,4) not null,
    posted numeric(19,4) not null,
    deadline int8,
    basis jsonb,
    document_id uuid,
    final boolean not null,
    announced boolean not null,
    ${SUBJECT},
    primary key (agreement, from_at)
  );
  create index obligation_by_price on obligation (service, party);
  create index obligation_by_party on obligation (party, agreement, from_at);
  create index obligation_waiting on obligation (agreement, from_at) where status = 'waiting';
`;

const documents = `
  create table document_number (kind text primary key, last int8 not null);
  insert into document_number values ('invoice', 0), ('credit-note', 0);

  create table document (
    id uuid primary key,
    number text not null unique,
    kind text not null check (kind in ('invoice', 'credit-note')),
    customer text not null,
    service text,
    issued_at int8 not null,
    currency text not null,
    lines jsonb not null,
    total numeric(19,4) not null,
    journal uuid references journal,
    request text unique,
    ${SUBJECT}
  );
  create index document_by_customer on document (customer, kind, number);

  create function refuse_changed_document() returns trigger language plpgsql as $$
  begin
    raise exception '% is issued: it is corrected by another document', old.number
      using errcode = 'check_violation', constraint = 'document_issued';
  end $$;
  create trigger document_issued before update or delete on document
    for each row execute function refuse_changed_document();

  create table credit_application (
    credit_note uuid primary key references document,
    invoice uuid not null references document,
    at int8 not null
  );
  create index credit_application_by_invoice on credit_application (invoice);

  create table invoiced_days (
    invoice uuid not null references document,
    customer text not null,
    service text not null,
    days daterange not null check (not isempty(days)),
    exclude using gist (customer with =, service with =, days with &&)
  );
  create index invoiced_days_by_invoice on invoiced_days (invoice);
`;
