import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { findKafka } from '@underpin/testing/kafka-source';
import { kafkaBroker } from '@underpin/testing/kafka';
import { freshDatabase } from '@underpin/testing/postgres';

export interface Machine {
  readonly facts: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** What the figures were measured on and with. */
export const thisMachine = async (): Promise<Machine> => {
  const database = await freshDatabase();
  const asked = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size'];
  const settings = new Map<string, string>();
  for (const name of asked) {
    const [row] = await database.query<{ value: string }>('select current_setting($1) as value', [name]);
    settings.set(name, row?.value ?? '');
  }
  await database.drop();
  const durability = asked.slice(1).map((name) => `${name} ${settings.get(name)}`);
  return {
    facts: {
      processors: `${os.cpus().length} × ${os.cpus()[0]?.model.trim() || 'unknown'}`,
      memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
      'operating system': `${distribution()} (${os.type()} ${os.release()} ${os.arch()})`,
      'load before the run': os.loadavg()[0]?.toFixed(2) ?? '',
      PostgreSQL: durability.join(', '),
    },
    versions: {
      Node: process.version,
      PostgreSQL: settings.get('server_version') ?? '',
      'Kafka broker': await brokerText(),
      ...Object.fromEntries(
        ['kafkajs', 'pg', 'typeorm', '@nestjs/core', 'fastify', 'autocannon'].map((name) => [name, versionOf(name)]),
      ),
    },
  };
};

const brokerText = async (): Promise<string> => {
  const source = findKafka();
  return source.from === 'nowhere' ? `none: ${source.why}` : (await kafkaBroker()).about;
};

const distribution = (): string => {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.platform();
  } catch {
    return os.platform();
  }
};

/** From the package's own file, which `exports` may hide from `require`. */
const versionOf = (name: string): string => {
  for (const folder of createRequire(__filename).resolve.paths(name) ?? [])
    try {
      return (JSON.parse(readFileSync(path.join(folder, name, 'package.json'), 'utf8')) as { version: string }).version;
    } catch {
      continue;
    }
  return 'unknown';
};
