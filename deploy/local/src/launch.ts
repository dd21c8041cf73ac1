import { join } from 'node:path';
import { inspectCluster, openCluster, type Cluster } from './postgres/cluster';
import { endLeftoverServer } from './postgres/leftover-server';
import { postgresUser } from './postgres/os-user';
import { findPrograms } from './postgres/programs';
import { acceptsSessions, serverCommand } from './postgres/server';
import { build } from './build';
import { openDataDir } from './data-dir';
import { prepareDatabases } from './databases';
import { addressOf, gatewayEnvironment, logOf, migrationEnvironment, serviceEnvironment, type Installation } from './environment';
import type { Flags } from './flags';
import { answersReady } from './http-ready';
import { apiKeyOf } from './keys';
import { portOf, portsFrom, refuseTakenPorts } from './ports';
import { elapsed, type Voice } from './progress';
import { readyOf, removeReadyFile, writeReadyFile } from './ready-file';
import { Refusal } from './refusal';
import { RunLock } from './run-lock';
import { sampleOnFirstStart } from './sample';
import { passwordFor, passwordsOf, SUPERUSER } from './secrets';
import { Supervisor, type ProcessPlan } from './supervisor';
import { table } from './table';
import { BUS_DATABASE, databaseOf, GATEWAY, POSTGRES, services } from './topology';
import type { Workspace } from './workspace';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
const POSTGRES_STOP_WITHIN_MS = 30_000;

const stopOrder = [[GATEWAY], services.map(({ name }) => name), [POSTGRES]];

export interface Stopping {
  /** Aborts when everything is to stop. */
  readonly orderly: AbortSignal;
  /** Aborts when it is to stop at once. */
  readonly atOnce: AbortSignal;
}

/**
 * Starts everything, keeps it running until `stopping` says so, and leaves nothing running, whatever happens.
 * @throws Refusal when it cannot start, or is stopped before it is ready; by then all that was started is stopped.
 */
export async function launch(flags: Flags, workspace: Workspace, voice: Voice, stopping: Stopping): Promise<void> {
  const since = performance.now();
  const ports = portsFrom(flags.port);
  const dir = openDataDir(flags.dataDir);
  const lock = await RunLock.take(dir.lock, addressOf(ports, GATEWAY), voice.say);
  const supervisor = new Supervisor({ say: voice.say, started: (name, pid) => lock.record(name, pid) });
  stopping.atOnce.addEventListener('abort', () => supervisor.kill());
  const forget = () => (flags.readyFile === null ? undefined : removeReadyFile(flags.readyFile));
  const run: Run = { flags, workspace, voice, supervisor, signal: stopping.orderly, installation: { dir, ports, passwords: passwordsOf(dir) } };
  let starting: Promise<void> | null = null;
  try {
    forget();
    starting = start(run);
    await Promise.race([starting, aborted(stopping.orderly)]);
    if (stopping.orderly.aborted) throw new Refusal('Stopped before everything was ready.');
    voice.say(`\nReady after ${elapsed(performance.now() - since)}. Ctrl-C stops everything.`);
    await aborted(stopping.orderly);
  } finally {
    forget();
    await supervisor.stop(stopOrder);
    await Promise.allSettled([starting]);
    lock.release();
  }
}

interface Run {
  readonly flags: Flags;
  readonly workspace: Workspace;
  readonly voice: Voice;
  readonly supervisor: Supervisor;
  readonly signal: AbortSignal;
  readonly installation: Installation;
}

/** The steps, in their order. Up to and with the ports nothing is started, so that a refusal leaves nothing half-started. */
async function start(run: Run): Promise<void> {
  const { voice, installation, flags } = run;
  const { dir, ports } = installation;
  const user = postgresUser();
  const programs = await findPrograms(user);
  inspectCluster(dir.postgres, programs.major);
  await endLeftoverServer(dir.postgres, voice.say);
  await refuseTakenPorts(ports);

  await voice.step('programs built', (note) => build(run.workspace, run.signal, note));
  const key = apiKeyOf(dir);
  await voice.step(`PostgreSQL ${programs.major}`, async (note) => {
    const cluster = await openCluster(dir.postgres, passwordFor(installation.passwords, SUPERUSER), user, programs, run.signal);
    note(cluster.directory === dir.postgres ? (cluster.created ? 'new data' : 'data found') : `data at ${cluster.directory}`);
    await run.supervisor.start(postgresPlan(run, cluster));
  });
  await voice.step('databases and roles', async (note) => {
    const made = await prepareDatabases(portOf(ports, POSTGRES), installation.passwords);
    note(made === 0 ? 'all there' : `${made} made`);
  });
  await voice.step('schemas migrated', () => migrate(run));
  await voice.step('services ready', (note) => startServices(run, note));
  await voice.step('gateway ready', () => run.supervisor.start(gatewayPlan(run)));
  const ready = readyOf(installation);
  if (key.text !== null) await offerSample(run, key.text);
  if (flags.readyFile !== null) writeReadyFile(flags.readyFile, ready);
  voice.say(table(ready, key));
}

/** All at once: each has its own database, the bus has its own too. */
async function migrate({ workspace, supervisor, installation }: Run): Promise<void> {
  const command = (script: string, database: string, log: string) => ({
    args: watched(script),
    env: migrationEnvironment(installation, database),
    log: logOf(installation.dir, log),
  });
  await Promise.all([
    supervisor.run('bus (migration)', command(workspace.busMigration, BUS_DATABASE, 'bus')),
    ...services.map(({ name }) => supervisor.run(`${name} (migration)`, command(workspace.migration(name), databaseOf(name), name))),
  ]);
}

async function startServices(run: Run, note: (text: string) => void): Promise<void> {
  let ready = 0;
  await Promise.all(
    services.map(async ({ name }) => {
      await run.supervisor.start(httpPlan(run, name, serviceEnvironment(run.installation, name)));
      note(`${(ready += 1)} of ${services.length}`);
    }),
  );
}

/** A sample that the platform refuses is said, and is no reason not to run. */
async function offerSample({ voice, flags, installation: { dir, ports } }: Run, apiKey: string): Promise<void> {
  const target = { gateway: addressOf(ports, GATEWAY), apiKey, marker: dir.sample };
  await voice.step('sample organisation', async (note) => {
    const outcome = await sampleOnFirstStart(target, flags.sample);
    note(outcome.kind === 'refused' ? `not complete: ${outcome.reason}` : outcome.kind);
  });
}

const gatewayPlan = (run: Run): ProcessPlan => httpPlan(run, GATEWAY, gatewayEnvironment(run.installation, GATEWAY));

const httpPlan = ({ workspace, installation }: Run, name: string, env: NodeJS.ProcessEnv): ProcessPlan => ({
  name,
  args: watched(workspace.entry(name)),
  env,
  log: logOf(installation.dir, name),
  ready: (signal) => answersReady(addressOf(installation.ports, name), signal),
  readyWithinMs: READY_WITHIN_MS,
  stopWithinMs: STOP_WITHIN_MS,
});

const postgresPlan = ({ installation: { dir, ports, passwords }, voice }: Run, cluster: Cluster): ProcessPlan => ({
  name: POSTGRES,
  args: serverCommand(cluster, portOf(ports, POSTGRES)),
  env: process.env,
  log: logOf(dir, POSTGRES),
  ready: (signal) => acceptsSessions(portOf(ports, POSTGRES), passwords, signal),
  readyWithinMs: READY_WITHIN_MS,
  stopWithinMs: POSTGRES_STOP_WITHIN_MS,
  before: () => endLeftoverServer(cluster.directory, voice.say),
});

/** The script under the watch that ends it with us. */
const watched = (script: string): string[] => ['--require', join(__dirname, 'parent-watch.js'), script];

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
