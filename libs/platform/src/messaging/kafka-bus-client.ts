import { connect, type Socket } from 'node:net';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';

export interface KafkaBusOptions {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  /** Names this process in the broker's logs and quotas; consumers are named by their member. */
  readonly clientId: string;
  /** After this silence of a member, in milliseconds, its partitions go to the others. */
  readonly sessionMs?: number;
  /** How often a member says that it lives: also how soon it learns that the group has changed. In milliseconds. */
  readonly heartbeatMs?: number;
  /** After this silence the answer to a request is given up, in milliseconds; most requests are then made again, a few times. */
  readonly requestMs?: number;
  /** Opens the connection to a broker, where it is not the ordinary one: through a proxy, through a cable that a test can cut. */
  readonly connect?: (host: string, port: number) => Socket;
}

/** Tells what the client lives through by itself: broker away, connection lost. */
export type Trouble = (error: unknown, where: string) => void;

const CONNECT_MS = 2_000;

/** What is said as an error and is none: the group has changed, and its members join again. */
const ORDINARY = /rebalanc|rejoin|not aware of this member/i;

/**
 * The one place where a client comes into being. Each consumer gets its own: clients share the committed offsets among the
 * consumers of one group, and would mix up two members in one process.
 */
export const kafkaClient = (
  options: Pick<KafkaBusOptions, 'brokers' | 'requestMs' | 'connect'>,
  clientId: string,
  retry: Required<KafkaConfig>['retry'],
  trouble: Trouble = () => undefined,
): Kafka => {
  const open = options.connect ?? ((host: string, port: number) => connect({ host, port }));
  return new Kafka({
    brokers: [...options.brokers],
    clientId,
    connectionTimeout: CONNECT_MS,
    requestTimeout: options.requestMs ?? 10_000,
    retry,
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ namespace, log }) => {
        const cause = log['error'] instanceof Error ? log['error'].message : (log['error'] as string | undefined);
        const message = cause === undefined || log.message.includes(cause) ? log.message : `${log.message}: ${cause}`;
        if (!ORDINARY.test(message)) trouble(new Error(message), `Kafka ${namespace}`);
      },
    socketFactory: ({ host, port, onConnect }) => {
      const socket = open(host, port).setNoDelay(true).setKeepAlive(true, 60_000);
      socket.once('connect', onConnect);
      return socket;
    },
  });
};

/** The protocol's name for what went wrong (`MESSAGE_TOO_LARGE`), however deep the client has wrapped it up. */
export const kafkaErrorType = (error: unknown): string | undefined => {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    const { type } = at as { type?: unknown };
    if (typeof type === 'string') return type;
  }
  return undefined;
};
