import type { Tx } from '../persistence/tx';

/** An audit row for what an operator does to the machinery itself, where no subject changes. */
export const noteInAudit = async (tx: Tx, subject: string, key: string, facts: string): Promise<void> => {
  const { who, door, useCase, correlationId, causationId } = tx.by;
  await tx.query(
    `insert into audit (at, who, door, use_case, subject, key, version_before, version_after, facts, correlation_id, causation_id)
     values ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9)`,
    [tx.clock.now(), who, door, useCase, subject, key, facts, correlationId, causationId ?? null],
  );
};
