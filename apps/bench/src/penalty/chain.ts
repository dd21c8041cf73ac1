import { figures } from '@underpin/contracts/availability/figure.v1';
import { outages } from '@underpin/contracts/availability/outage.v1';
import { obligations } from '@underpin/contracts/financial/obligation.v1';
import { attainments } from '@underpin/contracts/service-level/attainment.v1';
import { iso } from '@underpin/kernel/time/instant';
import { periodAt } from '@underpin/kernel/time/period';
import { eventually } from '@underpin/testing/eventually';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { startPlatform, type Platform } from '../platform';

const CUSTOMER = 'bench-customer';
const HOUR = 3_600_000;
const IN_FLIGHT = 4;

/** How long after the request each thing was there, in ms. */
export interface Passage {
  readonly answered: number;
  readonly outage: number;
  readonly figure: number;
  readonly attainment: number;
  readonly obligation: number;
}

type Stage = Exclude<keyof Passage, 'answered'>;
const STAGES: readonly (readonly [Stage, string])[] = [
  ['outage', outages.topic],
  ['figure', figures.topic],
  ['attainment', attainments.topic],
  ['obligation', obligations.topic],
];

/** The five services on Kafka, with services that each have an agreement whose target one outage breaks. */
export class Chain {
  private readonly seen = new Map<string, (at: number) => void>();

  private constructor(
    private readonly platform: Platform,
    private readonly consumer: Consumer,
  ) {}

  static async open(brokers: readonly string[], services: readonly string[]): Promise<Chain> {
    const platform = await startPlatform({ UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: brokers.join() });
    const consumer = new Kafka({ brokers: [...brokers], clientId: 'bench-chain', logLevel: logLevel.NOTHING }).consumer(
      { groupId: `bench-${process.pid}`, maxWaitTimeInMs: 100 },
    );
    const chain = new Chain(platform, consumer);
    await chain.agree(services);
    await chain.watch();
    return chain;
  }

  /** An outage of an hour, over since an hour: told to availability, waited for at the end of the chain. */
  async one(service: string): Promise<Passage> {
    const now = Date.now();
    const passage = { answered: 0, outage: 0, figure: 0, attainment: 0, obligation: 0 };
    const started = performance.now();
    const arrivals = STAGES.map(async ([stage]) => {
      passage[stage] = (await new Promise<number>((done) => this.seen.set(`${stage} ${service}`, done))) - started;
    });
    await this.ask('availability', 'PUT', `/outages/bench/${service}`, {
      ...{ sequence: 1, service, occurredAt: iso(now - 2 * HOUR), restoredAt: iso(now - HOUR) },
    });
    passage.answered = performance.now() - started;
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<never>(
      (_, reject) => (late = setTimeout(() => reject(new Error(`${service}: no penalty within 30 s`)), 30_000)),
    );
    await Promise.race([Promise.all(arrivals), limit]);
    clearTimeout(late);
    return passage;
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
    await this.platform.stop();
  }

  /** Customer, services, agreements in force and prices; waits until everything that they lead to is known everywhere. */
  private async agree(services: readonly string[]): Promise<void> {
    const { from } = periodAt('quarter', 'UTC', Date.now() - 2 * HOUR);
    await this.ask('service-level', 'PUT', `/parties/${CUSTOMER}`, {
      name: 'A customer',
      kind: 'customer',
      currency: 'EUR',
    });
    const each = async (work: (service: string) => Promise<unknown>): Promise<void> => {
      for (let at = 0; at < services.length; at += IN_FLIGHT)
        await Promise.all(services.slice(at, at + IN_FLIGHT).map(work));
    };
    await each((service) =>
      this.ask('service-level', 'PUT', `/services/${service}`, { name: service, liveSince: iso(from) }),
    );
    await each((service) =>
      this.ask('service-level', 'PUT', `/agreements/${service}-sla`, {
        ...{
          kind: 'SLA',
          service,
          customer: CUSTOMER,
          effective: { from: iso(from) },
          zone: 'UTC',
          reportingPeriod: 'quarter',
          target: { availability: '99.99' },
        },
        remedy: { tiers: [{ below: '99.99', percent: '10' }] },
      }),
    );
    await each((service) =>
      eventually(
        () =>
          this.ask('financial', 'PUT', `/prices/${service}/${CUSTOMER}`, {
            currency: 'EUR',
            rates: [{ from: iso(from).slice(0, 10), amount: '1000.00', per: 'quarter' }],
          }),
        { withinMs: 30_000 },
      ),
    );
    await each((service) => this.ask('service-level', 'POST', `/agreements/${service}-sla/agree`));
    await each((service) =>
      eventually(
        async () => {
          const found = (await this.ask('service-level', 'GET', `/attainments?agreement=${service}-sla`)) as {
            attainments: readonly { state: string }[];
          };
          if (found.attainments.length === 0) throw new Error(`${service} is not measured yet`);
        },
        { withinMs: 60_000 },
      ),
    );
  }

  /** Looks at every topic of the chain as one more member of the audience. */
  private async watch(): Promise<void> {
    const stages = new Map(STAGES.map(([stage, topic]) => [topic, stage]));
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...stages.keys()], fromBeginning: false });
    const joined = new Promise<void>((done) => this.consumer.on(this.consumer.events.GROUP_JOIN, () => done()));
    await this.consumer.run({
      eachMessage: async ({ topic, message }) => {
        const at = performance.now();
        const stage = stages.get(topic) as Stage;
        const { service } = JSON.parse(message.value?.toString() ?? '{}') as { service?: string };
        if (!isExpected(stage, message.headers?.['ce_type']?.toString() ?? '')) return;
        this.seen.get(`${stage} ${service}`)?.(at);
        this.seen.delete(`${stage} ${service}`);
      },
    });
    await joined;
  }

  private async ask(service: string, method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.platform.services[service]}${path}`, {
      method,
      headers: {
        authorization: this.platform.authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${service}${path} was answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** The snapshot that the outage leads to; an attainment may tell of risk and tier on its way. */
const isExpected = (stage: Stage, type: string): boolean => stage !== 'obligation' || type.includes('penalty-accrued');
