import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgreementV1 } from '@underpin/contracts/service-level/agreement.v1';
import type { AttainmentV1 } from '@underpin/contracts/service-level/attainment.v1';
import { obligations } from '@underpin/contracts/financial/obligation.v1';
import { parsePayload, type Subject } from '@underpin/contracts/subject';
import { instantOf, type Instant } from '@underpin/kernel/time/instant';
import type { Actor } from '@underpin/platform/persistence/actor';
import { Database } from '@underpin/platform/persistence/database';
import { migrate } from '@underpin/platform/persistence/migrate';
import type { Tx } from '@underpin/platform/persistence/tx';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import type { Heard } from '@underpin/platform/messaging/listens';
import { Clock } from '@underpin/platform/time/clock';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { financial } from './financial.service';
import { agreementsConsumer } from './heard/agreements.consumer';
import { attainmentsConsumer } from './heard/attainments.consumer';
import { CreditNoting } from './invoices/credit-noting';
import { DocumentReading } from './invoices/document-reading';
import { Invoicing } from './invoices/invoicing';
import { LedgerReading } from './ledger/ledger-reading';
import { ObligationReading } from './obligations/obligation-reading';
import { Reckoning } from './obligations/reckoning';
import type { PriceTold } from './prices/price';
import { Pricing } from './prices/pricing';

class SetClock extends Clock {
  constructor(public at: Instant) {
    super();
  }

  now(): Instant {
    return this.at;
  }
}

const sampleData = <P>(name: string): P =>
  (
    JSON.parse(readFileSync(join(__dirname, `../../../libs/contracts/src/${name}.v1.sample.json`), 'utf8')) as {
      data: P;
    }
  ).data;

export const sampleAgreement = (change: Partial<AgreementV1> = {}): AgreementV1 => ({
  ...sampleData<AgreementV1>('service-level/agreement'),
  ...change,
});

/** The sample's attainment, with the percent that its tier credits (null: no tier is reached). */
export const sampleAttainment = (credit: string | null, change: Partial<AttainmentV1> = {}): AttainmentV1 => {
  const sample = sampleData<AttainmentV1>('service-level/attainment');
  const [target] = sample.targets as [AttainmentV1['targets'][number]];
  const tier = credit === null || target.tier === null ? null : { ...target.tier, credit };
  const made = {
    ...sample,
    targets: [{ ...target, tier, state: tier === null ? ('measuring' as const) : ('missed' as const) }],
    ...change,
  };
  return { ...made, id: `${made.agreement}/${made.from}` };
};

/** What a close adds to an attainment. */
export const closedAt = (at: string, revision: number): Partial<AttainmentV1> => ({
  status: 'closed',
  revision,
  closed: { revision, at },
});

/** The books of one spec: the use cases on a database of their own, at a time that the spec sets. */
export class Books {
  private readonly clock = new SetClock(instantOf('2026-10-13T14:00:00.000Z'));
  readonly reckoning = new Reckoning(new CreditNoting());
  private readonly pricing = new Pricing(this.reckoning);
  private readonly invoicing = new Invoicing();
  private readonly work: UnitOfWork;
  readonly ledger: LedgerReading;
  readonly obligations: ObligationReading;
  readonly documents: DocumentReading;

  private constructor(
    readonly db: FreshDatabase,
    private readonly database: Database,
  ) {
    this.work = new UnitOfWork(database, this.clock, '/underpin/financial');
    this.ledger = new LedgerReading(database);
    this.obligations = new ObligationReading(database, this.ledger);
    this.documents = new DocumentReading(database);
  }

  static async open(): Promise<Books> {
    const db = await freshDatabase({
      migrate: async (ownerUrl, appRole) =>
        void (await migrate({ ownerUrl, appRole, migrations: financial.migrations, appendOnly: financial.appendOnly })),
      template: 'financial',
    });
    const database = new Database({ url: db.appUrl, applicationName: 'books' });
    await database.open();
    return new Books(db, database);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.db.drop();
  }

  itIs(at: string): void {
    this.clock.at = instantOf(at);
  }

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const by: Actor = { who: 'spec', door: 'rest', useCase: 'spec', correlationId: randomUUID() };
    return this.work.run(by, work);
  }

  /** An event arrives; what follows from it is not reckoned yet. */
  hear(told: AttainmentV1 | AgreementV1): Promise<unknown> {
    const { subject, handle } =
      'terms' in told ? agreementsConsumer(this.reckoning) : attainmentsConsumer(this.reckoning);
    const event = heardOf(subject, told);
    return this.run((tx) => handle(tx, event));
  }

  publish(told: PriceTold, service = 'payroll', party = 'acme'): Promise<unknown> {
    return this.run((tx) => this.pricing.publish(tx, { service, party }, told));
  }

  invoice(from: string, to: string, { customer = 'acme', service = null as string | null } = {}) {
    return this.run((tx) => this.invoicing.issue(tx, { customer, service, from, to }));
  }

  /** One turn of the worker. */
  turn(): Promise<boolean> {
    return this.run((tx) => this.reckoning.reckonPending(tx));
  }

  async reckoned(): Promise<void> {
    while (await this.turn());
  }

  /** What the world is told about obligations: type, amount, status. */
  async toldObligations(): Promise<string[]> {
    const rows = await this.db.query<{ type: string; value: string }>(
      `select headers ->> 'ce_type' as type, value from outbox where topic = $1 order by pos`,
      [obligations.topic],
    );
    return rows.map(({ type, value }) => {
      const { amount, status } = parsePayload(obligations, JSON.parse(value));
      return `${type} ${amount} ${status}`;
    });
  }

  /** Balance of each account of an obligation, without those that are 0. */
  async balances(obligation: string): Promise<Record<string, string>> {
    const rows = await this.db.query<{ account: string; balance: string }>(
      `select account, sum(amount)::numeric(19,2)::text as balance from entry e join journal j on j.id = e.journal
       where j.obligation = $1 group by account having sum(amount) <> 0 order by account`,
      [obligation],
    );
    return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
  }
}

const heardOf = <P extends { version: number }>(subject: Subject<unknown>, data: P): Heard => ({
  id: randomUUID(),
  type: '',
  reason: subject.reasons[0] as string,
  key: subject.key(data),
  time: 0,
  version: BigInt(data.version),
  data: parsePayload(subject, data),
  correlationId: 'spec',
  topic: subject.topic,
  partition: 0,
  offset: 0n,
});

export const monthlyPrice = (amount: string, change: Partial<PriceTold> = {}): PriceTold => ({
  currency: 'EUR',
  zone: 'Europe/Berlin',
  rates: [{ from: '2026-01-01', amount, per: 'month' }],
  ...change,
});
