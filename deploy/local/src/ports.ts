import { createServer } from 'node:net';
import { Refusal } from './refusal';
import { GATEWAY, HOST, POSTGRES, POSTGRES_OFFSET, services } from './topology';

/** Name of the process → its port. */
export type Ports = ReadonlyMap<string, number>;

export const HIGHEST_BASE_PORT = 65_535 - POSTGRES_OFFSET;

/** The gateway on `base`, the services beside it, PostgreSQL ten further. */
export const portsFrom = (base: number): Ports =>
  new Map([
    [GATEWAY, base],
    ...services.map(({ name, offset }) => [name, base + offset] as const),
    [POSTGRES, base + POSTGRES_OFFSET],
  ]);

/** @throws Error when the table of processes does not know the name. */
export const portOf = (ports: Ports, name: string): number => {
  const port = ports.get(name);
  if (port === undefined) throw new Error(`no port is planned for ${name}`);
  return port;
};

/** The ports that somebody else holds, or that this user may not open. */
export async function portsTaken(ports: Ports): Promise<{ name: string; port: number; code: string }[]> {
  const tried = await Promise.all([...ports].map(async ([name, port]) => ({ name, port, code: await tryPort(port) })));
  return tried.flatMap((one) => (one.code === null ? [] : [{ ...one, code: one.code }]));
}

/** Asked for all ports before anything is started. @throws Refusal with every port that cannot be had. */
export async function refuseTakenPorts(ports: Ports): Promise<void> {
  const taken = await portsTaken(ports);
  if (taken.length === 0) return;
  const list = taken.map(({ name, port }) => `${port} (${name})`).join(', ');
  const base = portOf(ports, GATEWAY);
  const elsewhere = base + 100 <= HIGHEST_BASE_PORT ? base + 100 : base - 100;
  const forbidden = taken.some(({ code }) => code === 'EACCES');
  throw new Refusal(
    `${taken.length === 1 ? 'Port' : 'Ports'} ${list} ${forbidden ? 'may not be opened by this user' : taken.length === 1 ? 'is taken' : 'are taken'} on ${HOST}: ` +
      `stop what listens there, or choose other ports with "npm start -- --port ${elsewhere}". Nothing was started.`,
  );
}

const tryPort = (port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    probe.listen({ host: HOST, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
