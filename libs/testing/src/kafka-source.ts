import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { haveJars, javaProgram } from './kafka-jars';

/** Where the test broker comes from on this machine. */
export type KafkaSource =
  | { readonly from: 'KAFKA_BROKERS'; readonly brokers: readonly string[] }
  | { readonly from: 'docker'; readonly image: string }
  | { readonly from: 'java' }
  | { readonly from: 'nowhere'; readonly why: string };

const PROBE_LIMIT_MS = 5_000;
const OLDEST_JAVA = 17;

/** The images that tests know how to start, the first that the daemon has is taken. None is ever pulled. */
const images = (): readonly string[] =>
  process.env['UNDERPIN_TEST_KAFKA_IMAGE']
    ? [process.env['UNDERPIN_TEST_KAFKA_IMAGE']]
    : ['apache/kafka:4.1.2', 'apache/kafka:4.1.1', 'apache/kafka:4.1.0', 'confluentinc/cp-kafka:8.0.0'];

let startable: KafkaSource | undefined;

/**
 * What a broker can be had from, in this order: `KAFKA_BROKERS` (addresses with commas in between), a Docker daemon that
 * answers and has an image, Java 17 with Maven (or with jars that were fetched before). `UNDERPIN_TEST_KAFKA_FROM=docker|java`
 * leaves the other out. `toOwn` asks for one that may be started and killed: the first is none. Starts nothing.
 */
export const findKafka = ({ toOwn = false } = {}): KafkaSource => {
  const given = process.env['KAFKA_BROKERS'];
  if (given && !toOwn) return { from: 'KAFKA_BROKERS', brokers: given.split(',').map((address) => address.trim()) };
  return (startable ??= lookForOneToStart());
};

const lookForOneToStart = (): KafkaSource => {
  const only = process.env['UNDERPIN_TEST_KAFKA_FROM'];
  const why: string[] = [];
  if (only !== 'java') {
    const image = imageOfDaemon();
    if (image !== undefined) return { from: 'docker', image };
    why.push(`no Docker daemon answers and has one of the images ${images().join(', ')}`);
  }
  if (only !== 'docker') {
    const isNewEnough = javaVersion() >= OLDEST_JAVA;
    if (isNewEnough && (haveJars() || isProgram('mvn'))) return { from: 'java' };
    why.push(isNewEnough ? 'Java is there, Maven is not' : `no Java ${OLDEST_JAVA} or newer was found`);
  }
  return { from: 'nowhere', why: `KAFKA_BROKERS is not set, ${why.join(', and ')}` };
};

const imageOfDaemon = (): string | undefined => {
  const known = output('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'])?.split('\n');
  return images().find((image) => known?.includes(image));
};

const javaVersion = (): number => Number(/^\w+ (\d+)/.exec(output(javaProgram(), ['--version']) ?? '')?.[1] ?? 0);

/** What a program prints, or nothing where it is missing, fails or takes too long. */
const output = (program: string, args: readonly string[]): string | undefined => {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: PROBE_LIMIT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
};

const isProgram = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
