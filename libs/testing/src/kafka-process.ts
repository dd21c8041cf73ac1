import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './free-port';
import { javaProgram, JVM_FLAGS, kafkaJars, serverProperties, type KafkaJars } from './kafka-jars';
import { apiVersions } from './kafka-probe';
import { endsWithRun, hasEnded, openRun } from './test-run';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const ATTEMPTS = 4;

class PortTaken extends Error {}

/** A broker in a process of our own, which can be treated as badly as the world treats brokers. Its address stays the same. */
export class KafkaProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly jars: KafkaJars,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Starts a broker with an empty data folder. Some 2 s, the first time ever some 10 s more for the jars. */
  static async start(say: (line: string) => void): Promise<KafkaProcess> {
    const jars = await kafkaJars(say);
    for (let attempt = 1; ; attempt++) {
      const made = await KafkaProcess.prepare(jars);
      try {
        await made.launch();
        return made;
      } catch (error) {
        rmSync(made.folder, { recursive: true, force: true });
        if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  get brokers(): string[] {
    return [`127.0.0.1:${this.port}`];
  }

  /** Ends it in an orderly way; the data stays, for `restart`. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Starts it again with the data it had. */
  async restart(): Promise<void> {
    await this.end('SIGTERM');
    await this.launch();
  }

  /** It hangs: connections stay open, nothing is answered. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private static async prepare(jars: KafkaJars): Promise<KafkaProcess> {
    const parent = path.join(openRun(), 'kafka');
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(path.join(parent, 'broker-'));
    const [brokerPort, controllerPort] = (await freePorts(2)) as [number, number];
    const dataFolder = path.join(folder, 'data');
    cpSync(jars.formatted, dataFolder, { recursive: true });
    writeFileSync(path.join(folder, 'server.properties'), serverProperties({ brokerPort, controllerPort, dataFolder }));
    return new KafkaProcess(jars, folder, brokerPort);
  }

  private async launch(): Promise<void> {
    const log = path.join(this.folder, 'broker.log');
    const out = openSync(log, 'a'); // a file, not a pipe: the broker must not depend on the worker that starts it
    const settings = path.join(this.folder, 'server.properties');
    const child = spawn(
      javaProgram(),
      [
        ...JVM_FLAGS,
        `-Dlog4j2.configurationFile=${this.jars.logSettings}`,
        '-cp',
        this.jars.classPath,
        'kafka.Kafka',
        settings,
      ],
      { stdio: ['ignore', out, out], detached: true, cwd: this.folder },
    );
    closeSync(out);
    let failure: Error | undefined;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(void (failure = error)));
      child.once('exit', () => resolve());
    });
    if (child.pid !== undefined) endsWithRun(child.pid, 'SIGKILL');
    child.unref();
    this.child = child;
    const limit = performance.now() + START_LIMIT_MS;
    while ((await apiVersions(this.brokers[0] as string)) === undefined) {
      if (failure === undefined && child.exitCode === null && child.signalCode === null && performance.now() < limit) {
        await sleep(25);
        continue;
      }
      await this.end('SIGKILL');
      const tail = failure?.message ?? readFileSync(log, 'utf8').slice(-4_000);
      const Failure = /BindException|Address already in use/.test(tail) ? PortTaken : Error;
      throw new Failure(`The Kafka broker did not start:\n${tail}`);
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    this.child = undefined;
    child.ref(); // wait for it even where nothing else is pending
    child.kill('SIGCONT'); // a process that is stopped handles no SIGTERM
    child.kill(signal);
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.ended;
    clearTimeout(impatient);
    if (child.pid !== undefined) hasEnded(child.pid);
  }
}
