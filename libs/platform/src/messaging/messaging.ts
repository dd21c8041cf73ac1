import type { Database } from '../persistence/database';
import type { UnitOfWork } from '../persistence/unit-of-work';
import type { Health } from '../service/health';
import type { Log } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { within } from './back-off';
import type { Bus } from './bus';
import { Consumer } from './consumer';
import { DeadLetters } from './dead-letters';
import { Hearing } from './hearing';
import type { Listener } from './listens';
import { OutboxRelay } from './outbox-relay';
import { OutboxTable } from './outbox.table';
import { Resync, type OwnedTable } from './resync';

export interface MessagingParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly database: Database;
  readonly work: UnitOfWork;
}

/** A service's part in the conversation: what it tells (relay, resync), what it hears (consumer, dead letters). */
export class Messaging {
  readonly relay: OutboxRelay;
  readonly resync: Resync;
  private hearing: { readonly consumer: Consumer; readonly deadLetters: DeadLetters } | undefined;

  constructor(
    private readonly parts: MessagingParts,
    private readonly bus: Bus,
    /** The service's name: also the consumer group. */
    private readonly service: string,
    /** The name of this process among its replicas. */
    private readonly member: string,
    owns: readonly OwnedTable[],
  ) {
    const { work, database, log } = parts;
    this.resync = new Resync(work, owns, service, log);
    this.relay = new OutboxRelay(work, database, bus, (topic, keys) => this.resync.reemit(topic, keys), log);
  }

  /** The listeners come from the service's modules: when those are there, before `start`. */
  listenTo(listeners: readonly Listener[]): void {
    const { work, database, log, metrics, health } = this.parts;
    const hearing = new Hearing(listeners, this.service);
    const buried = (topic: string, reason: string): void => metrics.deadLetters.inc({ topic, reason });
    const consumer = new Consumer(work, database, this.bus, hearing, this.service, this.member, log, { buried });
    this.hearing = { consumer, deadLetters: new DeadLetters(work, database, hearing, this.service) };
    health.add(consumer.caughtUp);
    health.tell('reads', () => consumer.assignment().length);
    health.tell('halted', () => consumer.halts().map((halt) => halt.message));
    this.measure(metrics, consumer, new OutboxTable(database));
  }

  get consumer(): Consumer {
    return this.heard.consumer;
  }

  get deadLetters(): DeadLetters {
    return this.heard.deadLetters;
  }

  start(): void {
    this.relay.start();
    this.consumer.start();
  }

  async stop(): Promise<void> {
    await this.consumer.stop();
    await this.relay.stop();
  }

  private measure(metrics: Metrics, consumer: Consumer, outbox: OutboxTable): void {
    const lag = async (): Promise<number> =>
      Number((await consumer.lag()).reduce((sum, partition) => sum + partition.lag, 0n));
    metrics.gauge(
      'outbox_waiting',
      'Events that are committed and not yet published',
      soon(async () => (await outbox.depth()).waiting),
    );
    metrics.gauge(
      'outbox_refused',
      'Events that the bus will never take',
      soon(async () => (await outbox.depth()).refused),
    );
    metrics.gauge('consumer_lag', 'Messages that this service has not handled yet', soon(lag));
    metrics.gauge(
      'partitions_halted',
      'Partitions that are not read on, since records are missing',
      () => consumer.halts().length,
    );
  }

  private get heard(): { readonly consumer: Consumer; readonly deadLetters: DeadLetters } {
    if (this.hearing === undefined) throw new Error('Messaging was used before it was told what to listen to');
    return this.hearing;
  }
}

const SCRAPE_MS = 2_000;

/** A number, or none: what is away must not take the other metrics along. */
const soon = (read: () => Promise<number>) => async (): Promise<number> => {
  let value = NaN;
  const reading = read().then(
    (number) => (value = number),
    () => undefined,
  );
  await within(SCRAPE_MS, reading);
  return value;
};
