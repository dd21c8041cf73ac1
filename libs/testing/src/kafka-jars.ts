import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { exclusively } from './exclusively';

const run = promisify(execFile);

/** `kafka/` beside `src/` and `dist/`: the files that are not TypeScript. */
const RECIPE = path.join(__dirname, '..', 'kafka');
const FETCH_LIMIT_MS = 600_000;

/** The Apache Kafka whose published jars make the test broker. */
export const KAFKA_VERSION = process.env['UNDERPIN_TEST_KAFKA_VERSION'] ?? '4.1.2';
/** The binding of the logging facade that this line of Kafka was tried with. */
const LOG4J_VERSION =
  ({ '4.2.2': '2.25.5', '4.3.1': '2.25.4', '4.4.0': '2.25.5' } as Record<string, string>)[KAFKA_VERSION] ?? '2.25.3';

/** Outside of the tree, so that it survives a fresh clone: 43 MB of jars. Worth keeping between the runs of a CI. */
const cacheFolder = (): string =>
  path.join(
    process.env['UNDERPIN_TEST_KAFKA_CACHE'] ?? path.join(homedir(), '.cache', 'underpin-test-kafka'),
    KAFKA_VERSION,
  );

export const javaProgram = (): string =>
  process.env['JAVA_HOME'] ? path.join(process.env['JAVA_HOME'], 'bin', 'java') : 'java';

/** Small and quick to start: a broker for tests lives for minutes. */
export const JVM_FLAGS = [
  '-Xms256m',
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-Xshare:auto',
];

/** What a broker is started from. */
export interface KafkaJars {
  readonly classPath: string;
  /** A data folder as `kafka-storage format` leaves it: copied for each broker, which saves the start of a JVM. */
  readonly formatted: string;
  readonly logSettings: string;
}

/** Whether the jars are there, so that no Maven is needed. */
export const haveJars = (): boolean => existsSync(path.join(cacheFolder(), 'formatted', 'meta.properties'));

/** The jars from the cache folder; the first time Maven fetches them (some 10 s), and `say` is told. */
export const kafkaJars = async (say: (line: string) => void): Promise<KafkaJars> => {
  const home = cacheFolder();
  if (!haveJars())
    await exclusively(home, async () => {
      if (haveJars()) return;
      say(`Fetching the jars of Apache Kafka ${KAFKA_VERSION} with Maven, once, into ${home}`);
      await fetchInto(home);
    });
  return {
    classPath: classPathOf(path.join(home, 'jars')),
    formatted: path.join(home, 'formatted'),
    logSettings: path.join(home, 'log4j2.xml'),
  };
};

/** Made beside its place and put there by one rename: whoever finds the folder finds it complete. */
const fetchInto = async (home: string): Promise<void> => {
  const making = `${home}.${process.pid}.new`;
  rmSync(making, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
  const jars = path.join(making, 'jars');
  mkdirSync(jars, { recursive: true });
  try {
    await run(
      'mvn',
      [
        ...[
          '-B',
          '-ntp',
          '-q',
          '-f',
          path.join(RECIPE, 'pom.xml'),
          'dependency:copy-dependencies',
          '-DincludeScope=runtime',
        ],
        ...[`-Dkafka.version=${KAFKA_VERSION}`, `-Dlog4j.version=${LOG4J_VERSION}`, `-DoutputDirectory=${jars}`],
      ],
      { timeout: FETCH_LIMIT_MS },
    );
    copyFileSync(path.join(RECIPE, 'log4j2.xml'), path.join(making, 'log4j2.xml'));
    const settings = path.join(making, 'format.properties');
    writeFileSync(
      settings,
      serverProperties({ brokerPort: 9092, controllerPort: 9093, dataFolder: path.join(making, 'formatted') }),
    );
    const format = ['kafka.tools.StorageTool', 'format', '-t', 'dGVzdC1rYWZrYS1jbHVzdA', '-c', settings];
    await run(javaProgram(), [...JVM_FLAGS, '-cp', classPathOf(jars), ...format], { timeout: 60_000 });
    renameSync(making, home);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
};

export interface ServerSettings {
  readonly brokerPort: number;
  readonly controllerPort: number;
  readonly dataFolder: string;
}

export const serverProperties = ({ brokerPort, controllerPort, dataFolder }: ServerSettings): string =>
  readFileSync(path.join(RECIPE, 'server.properties.template'), 'utf8')
    .replaceAll('@BROKER_PORT@', String(brokerPort))
    .replaceAll('@CONTROLLER_PORT@', String(controllerPort))
    .replaceAll('@DATA_FOLDER@', dataFolder);

const classPathOf = (folder: string): string =>
  readdirSync(folder)
    .sort()
    .map((jar) => path.join(folder, jar))
    .join(path.delimiter);
