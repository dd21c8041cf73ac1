import { ConfigReader } from '@underpin/platform/service/config';

/** A service behind the gateway: its name is its path here. */
export interface Upstream {
  readonly name: string;
  /** Scheme, host and port: `http://127.0.0.1:7102`. */
  readonly origin: string;
}

export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly services: readonly Upstream[];
  readonly logLevel: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Paths that the gateway answers itself: no service can have them. */
const RESERVED = ['docs', 'openapi', 'health', 'metrics', 'clock'];

/**
 * Reads the environment of the gateway.
 *
 * @throws ConfigProblem with a line for each variable that is missing or wrong
 */
export const readGatewayConfig = (env: Readonly<Record<string, string | undefined>>): GatewayConfig => {
  const read = new ConfigReader(env);
  const config: GatewayConfig = {
    host: read.text('UNDERPIN_HOST', 'the address to listen on', '127.0.0.1'),
    port: read.port('UNDERPIN_PORT'),
    services: upstreams(read),
    logLevel: read.oneOf('UNDERPIN_LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  read.check();
  return config;
};

const upstreams = (read: ConfigReader): Upstream[] => {
  const text = read.text('UNDERPIN_SERVICES', 'the services behind this gateway, as name=url, separated by commas');
  const entries = text.split(',').map((entry) => entry.trim());
  const services = entries.filter((entry) => entry !== '').flatMap((entry) => upstream(read, entry) ?? []);
  const twice = services.map(({ name }) => name).filter((name, index, names) => names.indexOf(name) !== index);
  for (const name of new Set(twice)) read.problems.push(`UNDERPIN_SERVICES names "${name}" more than once`);
  return services;
};

const upstream = (read: ConfigReader, entry: string): Upstream | undefined => {
  const wrong = (what: string) => void read.problems.push(`UNDERPIN_SERVICES has "${entry}": ${what}`);
  const cut = entry.indexOf('=');
  const name = entry.slice(0, Math.max(cut, 0));
  const url = URL.canParse(entry.slice(cut + 1)) ? new URL(entry.slice(cut + 1)) : undefined;
  if (cut < 1 || url === undefined || !/^https?:$/.test(url.protocol))
    return wrong('expected name=url, such as availability=http://127.0.0.1:7102');
  if (!NAME.test(name)) return wrong('a name has 1 to 63 of a-z, 0-9 and "-", and begins with a letter or digit');
  if (RESERVED.includes(name)) return wrong(`the path /${name} is the gateway's own`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    return wrong('the address of a service is scheme, host and port alone');
  return { name, origin: url.origin };
};
