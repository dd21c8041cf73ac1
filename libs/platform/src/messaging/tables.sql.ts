/** SQL for "this moment of the machine" in integer milliseconds: never the business clock, which tests may steer. */
export const MACHINE_NOW = '(extract(epoch from clock_timestamp()) * 1000)::int8';

/**
 * The tables that messaging needs in the database of every service. The platform's first migration runs this text once.
 *
 * - `outbox`: what committed transactions have to tell. A row is written only under the row lock of its subject, and is
 *   deleted by the relay once the bus has it; `pos` is the order per key, not an order across keys.
 * - `outbox_refused`: rows that the bus will never take, with the reason. Each one is an alarm.
 * - `position`: the next offset that a group of consumers reads, per partition. Moved by compare-and-set in the transaction
 *   that holds the work. `gap_accepted`: an operator has said that what is missing at this offset may be missing.
 * - `dead_letter`: what could not be handled. `value` keeps the bytes as they came, as they may be no text at all.
 *   `superseded_by` is the version of the newest message of the key that was handled after it.
 */
export const messagingTables: string = `
  create table outbox (
    pos bigserial primary key,
    topic text not null,
    key text not null,
    headers jsonb not null,
    value text not null
  );

  create table outbox_refused (
    pos bigint primary key,
    topic text not null,
    key text not null,
    headers jsonb not null,
    value text not null,
    reason text not null,
    refused_at int8 not null default ${MACHINE_NOW}
  );

  create table position (
    group_name text not null,
    topic text not null,
    partition int not null,
    next int8 not null,
    gap_accepted boolean not null default false,
    primary key (group_name, topic, partition)
  );

  create table dead_letter (
    id uuid primary key,
    group_name text not null,
    topic text not null,
    partition int not null,
    "offset" int8 not null,
    key bytea,
    headers jsonb not null,
    value bytea,
    subject_version int8,
    superseded_by int8,
    reason text not null,
    detail text not null,
    attempts int not null,
    status text not null default 'waiting' check (status in ('waiting', 'redriven', 'discarded')),
    died_at int8 not null default ${MACHINE_NOW},
    settled_at int8,
    settled_by text,
    settled_why text,
    unique (group_name, topic, partition, "offset")
  );

  create index dead_letter_waiting_key on dead_letter (topic, key) where status = 'waiting';
`;
