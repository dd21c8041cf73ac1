import type { Database } from '../persistence/database';
import type { Tx } from '../persistence/tx';
import { partitionName, type NextOffset, type TopicPartition } from './bus';

/** Another member of the group has moved the position: whatever this one wanted to do there has been done, or is the other's to do. */
export class PositionMoved extends Error {
  override readonly name = 'PositionMoved';
}

/** Where a group reads on in a partition. */
export interface Position extends NextOffset {
  /** The next record may be missing, and those behind it: somebody has accepted that. */
  readonly gapAccepted: boolean;
}

interface PositionRow {
  readonly topic: string;
  readonly partition: number;
  readonly next: string;
  readonly gap_accepted: boolean;
}

/** The positions of a group in these partitions: `next` is null where it has never read. */
export const readPositions = async (
  database: Database,
  group: string,
  asked: readonly TopicPartition[],
): Promise<Position[]> => {
  const rows = await database.query<PositionRow>(
    `select topic, partition, next, gap_accepted from position join unnest($2::text[], $3::int[]) as asked(topic, partition) using (topic, partition)
     where group_name = $1`,
    [group, asked.map((at) => at.topic), asked.map((at) => at.partition)],
  );
  const known = new Map(rows.map((row) => [partitionName(row), row]));
  return asked.map(({ topic, partition }) => {
    const row = known.get(partitionName({ topic, partition }));
    return {
      topic,
      partition,
      next: row === undefined ? null : BigInt(row.next),
      gapAccepted: row?.gap_accepted ?? false,
    };
  });
};

const FIRST = `
  insert into position (group_name, topic, partition, next) values ($1, $2, $3, $4::int8) on conflict do nothing returning 1`;

const MOVE = `
  update position set next = $4::int8, gap_accepted = false where group_name = $1 and topic = $2 and partition = $3
  and next = $5::int8
  returning 1`;

/**
 * Moves a position from where this member has seen it (null: nowhere) in the transaction that holds the work: first of all, so that
 * whoever comes second waits, and then fails.
 *
 * @throws PositionMoved when it stands elsewhere
 */
export const movePosition = async (
  tx: Tx,
  group: string,
  at: TopicPartition,
  from: bigint | null,
  to: bigint,
): Promise<void> => {
  const where = [group, at.topic, at.partition, to.toString()];
  const moved = await (from === null ? tx.query(FIRST, where) : tx.query(MOVE, [...where, from.toString()]));
  if (moved.length === 0)
    throw new PositionMoved(
      `${partitionName(at)}: ${group} does not read at ${from ?? 'the beginning'} any more. Another member has it.`,
    );
};

/** Remembers that what is missing at a position may be missing: the consumer goes on at the next record that there is. */
export const acceptGap = async (tx: Tx, group: string, { topic, partition }: TopicPartition): Promise<void> => {
  await tx.query('update position set gap_accepted = true where group_name = $1 and topic = $2 and partition = $3', [
    group,
    topic,
    partition,
  ]);
};
