/** How a service process is configured: environment variables, checked at start, all problems told at once. */
export interface ServiceConfig {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly bus:
    | { readonly kind: 'postgres'; readonly databaseUrl: string }
    | { readonly kind: 'kafka'; readonly brokers: readonly string[] };
  readonly apiKeysFile: string;
  readonly logLevel: string;
  /** Name of this process among its replicas; a restarted process keeps it. */
  readonly member: string;
  readonly testClock: boolean;
}

/** The environment is not fit to start with; the message names every variable that is missing or wrong, and what would be right. */
export class ConfigProblem extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`This process cannot start with its configuration:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Reads variables and collects what is wrong with them, so that one start tells everything. */
export class ConfigReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

  text(name: string, what: string, fallback?: string): string {
    const value = this.env[name]?.trim();
    if (value !== undefined && value !== '') return value;
    if (fallback === undefined) this.problems.push(`${name} is missing: ${what}`);
    return fallback ?? '';
  }

  port(name: string, fallback?: number): number {
    const text = this.text(name, 'the TCP port to listen on, 1 to 65535 (0 takes a free one)', fallback?.toString());
    const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
    if (text !== '' && !(port <= 65_535))
      this.problems.push(`${name} is "${text}": a TCP port is a whole number from 0 to 65535`);
    return port;
  }

  oneOf(name: string, allowed: readonly string[], fallback: string): string {
    const value = this.text(name, `one of ${allowed.join(', ')}`, fallback);
    if (!allowed.includes(value)) this.problems.push(`${name} is "${value}": allowed are ${allowed.join(', ')}`);
    return value;
  }

  postgresUrl(name: string, what: string): string {
    const text = this.text(name, what);
    if (text !== '' && !/^postgres(ql)?:\/\/[^/]+\/[^/]+$/.test(text))
      this.problems.push(`${name} is not a connection URL: expected postgresql://role:password@host:port/database`);
    return text;
  }

  /** Throws one error with everything that was wrong so far. */
  check(): void {
    if (this.problems.length > 0) throw new ConfigProblem(this.problems);
  }
}

export const readConfig = (env: Environment, service: string): ServiceConfig => {
  const read = new ConfigReader(env);
  const kind = read.oneOf('UNDERPIN_BUS', ['postgres', 'kafka'], 'postgres');
  const testClock = read.oneOf('UNDERPIN_TEST_CLOCK', ['0', '1'], '0') === '1';
  if (testClock && env['NODE_ENV'] === 'production')
    read.problems.push(
      'UNDERPIN_TEST_CLOCK is 1 while NODE_ENV is production: a steered clock would falsify figures; unset one of them',
    );
  const config: ServiceConfig = {
    host: read.text('UNDERPIN_HOST', 'the address to listen on', '127.0.0.1'),
    port: read.port('UNDERPIN_PORT'),
    databaseUrl: read.postgresUrl('UNDERPIN_DATABASE_URL', `the database of ${service}, with the role that it runs as`),
    bus:
      kind === 'kafka'
        ? {
            kind,
            brokers: read
              .text('UNDERPIN_KAFKA_BROKERS', 'the Kafka brokers as host:port, separated by commas')
              .split(',')
              .map((b) => b.trim())
              .filter((b) => b !== ''),
          }
        : {
            kind: 'postgres',
            databaseUrl: read.postgresUrl('UNDERPIN_BUS_DATABASE_URL', 'the database of the Postgres log'),
          },
    apiKeysFile: read.text('UNDERPIN_API_KEYS_FILE', 'the JSON file of API keys (see docs/operations.md)'),
    logLevel: read.oneOf('UNDERPIN_LOG_LEVEL', LOG_LEVELS, 'info'),
    member: read.text('UNDERPIN_MEMBER', 'the name of this process among its replicas', `${service}-1`),
    testClock,
  };
  read.check();
  return config;
};
