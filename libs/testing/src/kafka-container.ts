import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port';
import { apiVersions } from './kafka-probe';
import { containerEndsWithRun } from './test-run';

const run = promisify(execFile);
const START_LIMIT_MS = 120_000;
const INSIDE = 9092;

/** The same settings as in `kafka/server.properties.template`, as the images of Apache and Confluent want to be told. */
const settings = (address: string): Record<string, string> => ({
  CLUSTER_ID: 'dGVzdC1rYWZrYS1jbHVzdA',
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${INSIDE},CONTROLLER://localhost:9093`,
  KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${address}`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
  KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '250',
  KAFKA_BROKER_SESSION_TIMEOUT_MS: '4000',
  KAFKA_LOG_SEGMENT_BYTES: '16777216',
  KAFKA_LOG_INDEX_SIZE_MAX_BYTES: '1048576',
  KAFKA_LOG_CLEANER_BACKOFF_MS: '500',
  KAFKA_LOG_RETENTION_CHECK_INTERVAL_MS: '1000',
  KAFKA_LOG_INITIAL_TASK_DELAY_MS: '1000',
});

/** A broker in a container. Its address is chosen first: the broker has to name it to its clients, and keeps it over a restart. */
export class KafkaContainer {
  private constructor(
    private readonly id: string,
    readonly brokers: string[],
  ) {}

  static async start(image: string): Promise<KafkaContainer> {
    process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'; // the run's own reaper removes it, and nothing is pulled
    const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
    const { info } = await getContainerRuntimeClient();
    const port = await freePort();
    const address = `${hostFor(info.containerRuntime.host)}:${port}`;
    const container = await new GenericContainer(image)
      .withEnvironment(settings(address))
      .withExposedPorts({ container: INSIDE, host: port })
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .withStartupTimeout(START_LIMIT_MS)
      .start();
    containerEndsWithRun(container.getId());
    const made = new KafkaContainer(container.getId(), [address]);
    await made.answers();
    return made;
  }

  async stop(): Promise<void> {
    await this.docker('stop');
  }

  async kill(): Promise<void> {
    await this.docker('kill');
  }

  async restart(): Promise<void> {
    await this.docker('restart');
    await this.answers();
  }

  async pause(): Promise<void> {
    await this.docker('pause');
  }

  async resume(): Promise<void> {
    await this.docker('unpause');
  }

  async remove(): Promise<void> {
    await this.docker('rm', '--force', '--volumes');
  }

  private async docker(...verb: string[]): Promise<void> {
    await run('docker', [...verb, this.id]);
  }

  private async answers(): Promise<void> {
    const limit = performance.now() + START_LIMIT_MS;
    while ((await apiVersions(this.brokers[0] as string)) === undefined) {
      if (performance.now() > limit)
        throw new Error(`The Kafka broker in container ${this.id} does not answer at ${this.brokers.join()}`);
      await sleep(50);
    }
  }
}

/** A daemon's ports may be published on IPv4 alone, and `localhost` be read as IPv6 first. */
const hostFor = (host: string): string => (host === 'localhost' ? '127.0.0.1' : host);
