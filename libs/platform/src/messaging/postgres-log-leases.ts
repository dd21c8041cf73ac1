import type { Pool } from 'pg';
import { partitionName, type TopicPartition } from './bus';
import { LEASES } from './postgres-log-notifications';
import { MACHINE_NOW } from './tables.sql';

/** The right to read a partition for a group, until somebody with a higher generation has it. */
export interface Lease extends TopicPartition {
  readonly generation: bigint;
}

/** What a turn has found out: the leases that are held on, those that are new, those that another member has taken. */
export interface Turn {
  readonly kept: readonly Lease[];
  readonly taken: readonly Lease[];
  /** Leases above the fair share: to be released once nothing works on them. */
  readonly surplus: readonly Lease[];
}

interface LeaseRow {
  readonly topic: string;
  readonly p: number;
  readonly generation: string;
}

const leaseOf = (row: LeaseRow): Lease => ({ topic: row.topic, partition: row.p, generation: BigInt(row.generation) });
const columns = (leases: readonly Lease[]) =>
  [leases.map((l) => l.topic), leases.map((l) => l.partition), leases.map((l) => l.generation.toString())] as const;

/**
 * Shares the partitions of some topics among the living members of a group: each holds at most ceil(partitions / members).
 * A lease is a promise of speed, not of safety: two who believe to hold one are told apart by the position's compare-and-set.
 */
export class PostgresLogLeases {
  constructor(
    private readonly pool: Pool,
    private readonly group: string,
    private readonly member: string,
    private readonly topics: readonly string[],
    /** A lease that was not renewed for this long belongs to whoever takes it first. */
    private readonly holdMs: number,
  ) {}

  /** Says that this member lives, renews what it holds, and takes what is free, up to the fair share. */
  async turn(held: readonly Lease[]): Promise<Turn> {
    const { share, isNew } = await this.register();
    const kept = held.length === 0 ? [] : await this.renew(held);
    const surplus = kept.slice(share);
    const wanted = share - kept.length;
    const taken = wanted > 0 ? await this.take(wanted, kept) : [];
    if (isNew) await this.notify();
    return { kept, taken, surplus };
  }

  async release(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    await this.pool.query(
      `delete from lease l using unnest($3::text[], $4::int[], $5::int8[]) as mine(topic, p, generation)
       where l.group_name = $1 and l.member = $2 and l.topic = mine.topic and l.p = mine.p and l.generation = mine.generation`,
      [this.group, this.member, ...columns(leases)],
    );
    await this.notify();
  }

  /** Leaves the group: the others need not wait for the leases to run out. */
  async leave(leases: readonly Lease[]): Promise<void> {
    await this.pool.query(`delete from member where group_name = $1 and name = $2`, [this.group, this.member]);
    await this.release(leases);
    await this.notify();
  }

  private async register(): Promise<{ share: number; isNew: boolean }> {
    const { rows } = await this.pool.query<{ is_new: boolean; partitions: string; others: string }>(
      `with alive as (
         insert into member as m (group_name, name, alive_until) values ($1, $2, ${MACHINE_NOW} + $3)
         on conflict (group_name, name) do update set alive_until = excluded.alive_until
         returning xmax = 0 as is_new),
       gone as (delete from member where group_name = $1 and name <> $2 and alive_until <= ${MACHINE_NOW})
       select (select is_new from alive) as is_new,
              (select count(*) from partition where topic = any($4::text[])) as partitions,
              (select count(*) from member where group_name = $1 and name <> $2 and alive_until > ${MACHINE_NOW}) as others`,
      [this.group, this.member, this.holdMs, this.topics],
    );
    const row = rows[0] as (typeof rows)[number];
    return { share: Math.ceil(Number(row.partitions) / (Number(row.others) + 1)), isNew: row.is_new };
  }

  private async renew(held: readonly Lease[]): Promise<Lease[]> {
    const { rows } = await this.pool.query<LeaseRow>(
      `update lease l set held_until = ${MACHINE_NOW} + $6
       from unnest($3::text[], $4::int[], $5::int8[]) as mine(topic, p, generation)
       where l.group_name = $1 and l.member = $2 and l.topic = mine.topic and l.p = mine.p and l.generation = mine.generation
       returning l.topic, l.p, l.generation`,
      [this.group, this.member, ...columns(held), this.holdMs],
    );
    const still = new Set(rows.map((row) => partitionName({ topic: row.topic, partition: row.p })));
    return held.filter((lease) => still.has(partitionName(lease)));
  }

  /** A member that was restarted under its old name finds its own leases, and takes them up with a new generation. */
  private async take(wanted: number, kept: readonly Lease[]): Promise<Lease[]> {
    const { rows } = await this.pool.query<LeaseRow>(
      `insert into lease as l (group_name, topic, p, member, generation, held_until)
       select $1, t.topic, t.p, $2, 1, ${MACHINE_NOW} + $3
       from partition t left join lease o on o.group_name = $1 and o.topic = t.topic and o.p = t.p
       where t.topic = any($4::text[]) and (o.member is null or o.member = $2 or o.held_until <= ${MACHINE_NOW})
         and not (t.topic, t.p) in (select * from unnest($5::text[], $6::int[]))
       order by (o.member is not distinct from $2) desc, t.p, t.topic
       limit $7
       on conflict (group_name, topic, p) do update
         set member = excluded.member, generation = l.generation + 1, held_until = excluded.held_until
         where l.member = excluded.member or l.held_until <= ${MACHINE_NOW}
       returning topic, p, generation`,
      [
        this.group,
        this.member,
        this.holdMs,
        this.topics,
        kept.map((l) => l.topic),
        kept.map((l) => l.partition),
        wanted,
      ],
    );
    return rows.map(leaseOf);
  }

  private async notify(): Promise<void> {
    await this.pool.query(`select pg_notify('${LEASES}', $1)`, [this.group]);
  }
}
