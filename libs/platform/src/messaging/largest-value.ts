import { tooLarge } from '@underpin/kernel/errors';
import { RecordRefused, type BusRecord } from './bus';

/**
 * The largest value of one record, in bytes of UTF-8. Below Kafka's default limit of 1 MiB for a batch, with room for headers,
 * so that what was accepted in a transaction can always be published.
 */
export const LARGEST_VALUE_BYTES = 900_000;

/** Refuses an event that no bus would take, in the transaction that wants to tell it: it must never stick in the outbox. */
export const refuseTooLarge = <R extends { readonly topic: string; readonly key: string; readonly value: string }>(
  row: R,
): R => {
  // A UTF-16 code unit takes at most three bytes: short text needs no counting.
  if (row.value.length * 3 <= LARGEST_VALUE_BYTES) return row;
  const bytes = Buffer.byteLength(row.value);
  if (bytes <= LARGEST_VALUE_BYTES) return row;
  throw tooLarge(
    'event.too-large',
    `${row.key} would be told with ${bytes} bytes; ${LARGEST_VALUE_BYTES} is the most that one event may have. Split it or leave details out.`,
    { topic: row.topic, key: row.key, bytes, largest: LARGEST_VALUE_BYTES },
  );
};

/** The same at the bus, where no bus may be laxer than another: what one takes, all take. */
export const refuseUnfit = (record: BusRecord): void => {
  const bytes = record.value.length * 3 <= LARGEST_VALUE_BYTES ? 0 : Buffer.byteLength(record.value);
  if (bytes > LARGEST_VALUE_BYTES)
    throw new RecordRefused(
      'too-large',
      `The value of ${record.key} has ${bytes} bytes; ${LARGEST_VALUE_BYTES} is the most.`,
    );
};
