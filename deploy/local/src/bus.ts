import { Refusal } from './refusal';

/** What carries the events: the Postgres log in a database beside the services', or a Kafka that is there already. */
export type Bus = { readonly kind: 'postgres' } | { readonly kind: 'kafka'; readonly brokers: string };

/**
 * Reads `UNDERPIN_BUS` and `UNDERPIN_KAFKA_BROKERS` as the services will.
 * @throws Refusal when a service would refuse them.
 */
export function busFrom(env: NodeJS.ProcessEnv): Bus {
  const kind = env['UNDERPIN_BUS']?.trim() || 'postgres';
  if (kind === 'postgres') return { kind };
  if (kind !== 'kafka')
    throw new Refusal(
      `UNDERPIN_BUS is "${kind}": set it to "kafka", or unset it for the Postgres log that Underpin brings.`,
    );
  const brokers = env['UNDERPIN_KAFKA_BROKERS']?.trim() ?? '';
  if (brokers === '')
    throw new Refusal(
      'UNDERPIN_BUS is "kafka", and UNDERPIN_KAFKA_BROKERS is missing: set it to the brokers, such as "127.0.0.1:9092", or unset UNDERPIN_BUS.',
    );
  return { kind, brokers };
}
