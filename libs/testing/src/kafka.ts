import { randomBytes } from 'node:crypto';
import { KafkaContainer } from './kafka-container';
import { KAFKA_VERSION } from './kafka-jars';
import { apiVersions, lineOf } from './kafka-probe';
import { KafkaProcess } from './kafka-process';
import { findKafka, type KafkaSource } from './kafka-source';
import { describeUnless } from './skipping';
import { oncePerRun } from './test-run';

/** A real Apache Kafka broker. */
export interface KafkaBroker {
  readonly brokers: string[];
  /** In words: the broker's version and which way it was found. */
  readonly about: string;
}

/** A broker that one spec has for itself, to be treated as badly as the world treats brokers. It keeps its address. */
export interface OwnKafka extends KafkaBroker {
  /** Ends it in an orderly way; `restart` brings it back with its data. */
  stop(): Promise<void>;
  /** The same without warning: `kill -9`. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** It hangs: connections stay open and nothing is answered, until `resume`. */
  pause(): Promise<void> | void;
  resume(): Promise<void> | void;
  remove(): Promise<void>;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * The broker of this run, shared by all its workers and started by whoever asks first: see `findKafka` for where it comes from.
 * Topics on it are called like nobody else's (`freshKafka`).
 * @throws where none can be had; `withKafka` asks before
 */
export const kafkaBroker = (): Promise<KafkaBroker> =>
  oncePerRun('kafka', async () => {
    const source = findKafka();
    const { brokers } = source.from === 'KAFKA_BROKERS' ? { brokers: [...source.brokers] } : await start(source);
    const broker = { brokers, about: await describeBroker(source, brokers) };
    say(`Kafka for this test run: ${broker.about}`);
    return broker;
  });

/** The shared broker, and a beginning for the names of topics and groups that nobody else uses. */
export const freshKafka = async (): Promise<KafkaBroker & { readonly prefix: string }> => ({
  ...(await kafkaBroker()),
  prefix: `t${randomBytes(5).toString('hex')}.`,
});

/**
 * A broker for one spec alone, empty: for topics with fixed names, and for faults. The spec ends it with `remove`; what it forgets
 * ends with the run. Not to be had from `KAFKA_BROKERS`, whose brokers are not ours to kill: then from Docker or Java, as it were not set.
 */
export const ownKafka = async (): Promise<OwnKafka> => {
  const source = findKafka({ toOwn: true });
  const started = await start(source);
  const about = await describeBroker(source, started.brokers);
  const { brokers } = started;
  return {
    brokers,
    about,
    stop: () => started.stop(),
    kill: () => started.kill(),
    restart: () => started.restart(),
    pause: () => started.pause(),
    resume: () => started.resume(),
    remove: () => started.remove(),
  };
};

/**
 * Defines tests that need a broker. Where none can be had they are skipped and the reason is printed; with `CI=true` that is a
 * failure, since nobody reads what a green run has left out.
 */
export const withKafka = (define: () => void, { own = false } = {}): void => {
  const source = findKafka({ toOwn: own });
  if (source.from !== 'nowhere') return define();
  const why = `No Kafka broker for the tests: ${source.why}.`;
  if (process.env['CI'] === 'true') {
    it('has a Kafka broker to run on', () => {
      throw new Error(why);
    });
    return;
  }
  say(`Skipped. ${why}`);
  describeUnless(why, 'on Apache Kafka', () => it('needs a broker', () => undefined));
};

const start = (source: KafkaSource): Promise<KafkaContainer | KafkaProcess> => {
  if (source.from === 'docker') return KafkaContainer.start(source.image);
  if (source.from === 'java') return KafkaProcess.start(say);
  throw new Error(`No Kafka broker: ${source.from === 'nowhere' ? source.why : 'the given one is not ours'}.`);
};

const describeBroker = async (source: KafkaSource, brokers: readonly string[]): Promise<string> => {
  const answer = await apiVersions(brokers[0] as string);
  if (answer === undefined) throw new Error(`No Kafka broker answers at ${brokers.join()}`);
  const spoken = `speaks Kafka ${lineOf(answer)}`;
  if (source.from === 'KAFKA_BROKERS') return `${brokers.join()} from KAFKA_BROKERS, ${spoken}`;
  if (source.from === 'docker') return `image ${source.image} by testcontainers, ${spoken}`;
  return `Apache Kafka ${KAFKA_VERSION} from its jars on Java, ${spoken}`;
};
