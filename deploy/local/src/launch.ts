import { join } from 'node:path';
import { inspectCluster, openCluster, type Cluster } from './postgres/cluster';
import { endLeftoverServer } from './postgres/leftover-server';
import { forgetOtherServers, postgresUser } from './postgres/os-user';
import { findPrograms } from './postgres/programs';
import { acceptsSessions, serverCommand } from './postgres/server';
import { build } from './build';
import { busFrom } from './bus';
import { openDataDir } from './data-dir';
import { prepareDatabases } from './databases';
import {
  addressOf,
  busMigrationEnvironment,
  gatewayEnvironment,
  logOf,
  migrationEnvironment,
  serviceEnvironment,
  type Installation,
} from './environment';
import type { Flags } from './flags';
import { answersReady } from './http-ready';
import { apiKeyOf } from './keys';
import { keepLogsBounded } from './log-files';
import { portOf, portsFrom, refuseTakenPorts } from './ports';
import { elapsed, type Voice } from './progress';
import { clearReadyFile, readyOf, writeReadyFile } from './ready-file';
import { Refusal } from './refusal';
import { RunLock } from './run-lock';
import { sampleOnFirstStart } from './sample';
import { passwordFor, passwordsOf, SUPERUSER } from './secrets';
import { Supervisor, type ProcessPlan } from './supervisor';
import { table } from './table';
import { GATEWAY, POSTGRES, services } from './topology';
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
  const bus = busFrom(process.env);
  forgetOtherServers();
  const dir = openDataDir(flags.dataDir, bus.kind);
  const lock = await RunLock.take(dir.lock, addressOf(ports, GATEWAY), voice.say);
  const supervisor = new Supervisor({ say: voice.say, started: (name, pid) => lock.record(name, pid) });
  stopping.atOnce.addEventListener('abort', () => supervisor.kill());
  const undo: (() => void)[] = [];
  let starting: Promise<void> | null = null;
  try {
    if (flags.readyFile !== null) undo.push(clearReadyFile(flags.readyFile));
    undo.push(keepLogsBounded(dir.logs));
    const installation = { dir, ports, bus, passwords: passwordsOf(dir) };
    starting = start({ flags, workspace, voice, supervisor, signal: stopping.orderly, installation });
    await Promise.race([starting, aborted(stopping.orderly)]);
    if (stopping.orderly.aborted) throw new Refusal('Stopped before everything was ready.');
    voice.say(`\nReady after ${elapsed(performance.now() - since)}. Ctrl-C stops everything.`);
    await aborted(stopping.orderly);
  } finally {
    lock.stopping();
    undo.forEach((one) => one());
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
  const { dir, ports, passwords, bus } = installation;
  const user = postgresUser();
  const programs = await findPrograms(user);
  inspectCluster(dir.postgres, programs.major);
  await endLeftoverServer(dir.postgres, voice.say);
  await refuseTakenPorts(ports);

  await voice.step('programs built', async (note) => {
    const built = await build(run.workspace, run.signal, (count) => note(`${count} projects so far`));
    note(built === 0 ? 'nothing has changed' : `${built} projects`);
  });
  const key = apiKeyOf(dir);
  await voice.step(`PostgreSQL ${programs.major}`, async (note) => {
    const cluster = await openCluster(dir.postgres, passwordFor(passwords, SUPERUSER), user, programs, run.signal);
    const age = cluster.created ? 'new data' : 'data found';
    note(cluster.directory === dir.postgres ? age : `${age} at ${cluster.directory}`);
    await run.supervisor.start(postgresPlan(run, cluster));
  });
  await voice.step('databases and roles', async (note) => {
    const made = await prepareDatabases(portOf(ports, POSTGRES), passwords, bus.kind);
    note(made === 0 ? 'all there' : `${made} made`);
  });
  await voice.step('schemas migrated', () => migrate(run));
  await voice.step('services ready', (note) => startServices(run, note));
  await voice.step('gateway ready', () => run.supervisor.start(gatewayPlan(run)));
  const ready = readyOf(installation);
  if (key.text !== null) await offerSample(run, key.text);
  if (flags.readyFile !== null) writeReadyFile(flags.readyFile, ready);
  voice.say(table(ready, key, bus));
}

/** All at once: each has its own database; the bus has one too, or its topics. */
async function migrate({ workspace, supervisor, installation }: Run): Promise<void> {
  const run = (name: string, script: string, env: NodeJS.ProcessEnv) =>
    supervisor.run(`${name} (migration)`, { args: watched(script), env, log: logOf(installation.dir, name) });
  await Promise.all([
    run('bus', workspace.busMigration, busMigrationEnvironment(installation)),
    ...services.map(({ name }) => run(name, workspace.migration(name), migrationEnvironment(installation, name))),
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
  const outcome = await voice.step('sample organisation', async (note) => {
    const offered = await sampleOnFirstStart(target, flags.sample);
    if (offered.kind === 'refused') note('not complete', '!!');
    else note(offered.kind);
    return offered;
  });
  if (outcome.kind === 'refused')
    voice.say(`     ${outcome.reason}\n     All else runs; the next start tries it again.`);
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
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );
