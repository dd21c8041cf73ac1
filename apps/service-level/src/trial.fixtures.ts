import { figures, type FigureV1 } from '@underpin/contracts/availability/figure.v1';
import { parsePayload } from '@underpin/contracts/subject';
import type { Instant } from '@underpin/kernel/time/instant';
import { Database } from '@underpin/platform/persistence/database';
import { migrate } from '@underpin/platform/persistence/migrate';
import { Tx } from '@underpin/platform/persistence/tx';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { Clock } from '@underpin/platform/time/clock';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { Agreeing } from './agreements/agreeing';
import type { Proposal } from './agreements/proposal';
import { proposal } from './agreements/proposals.fixtures';
import { AttainmentMonitoring } from './attainments/attainment-monitoring';
import { Cataloguing } from './catalogue/cataloguing';
import type { ServiceDescription } from './catalogue/service';
import { Registering } from './parties/registering';
import { serviceLevel } from './service-level.service';

/** A clock that stands where it was put, or goes on by `tick` whenever somebody looks at it. */
class TrialClock extends Clock {
  at: Instant = Date.parse('2026-10-01T00:00:00Z');
  tick = 0;

  now(): Instant {
    return (this.at += this.tick);
  }
}

/** How many statements a transaction took, and how many rows they gave back. */
export interface Cost {
  readonly statements: number;
  readonly rows: number;
}

export interface Announced {
  readonly topic: string;
  readonly key: string;
  readonly reason: string;
  readonly data: Record<string, unknown>;
}

/** The service's use cases on a database of their own, without doors: what a scenario needs to tell its story. */
export class Trial {
  readonly clock = new TrialClock();
  readonly monitoring = new AttainmentMonitoring();
  readonly agreeing = new Agreeing(this.monitoring);
  readonly cataloguing = new Cataloguing();
  readonly registering = new Registering();
  private readonly work: UnitOfWork;

  private constructor(
    readonly fresh: FreshDatabase,
    private readonly database: Database,
  ) {
    this.work = new UnitOfWork(database, this.clock, '/underpin/service-level');
  }

  static async begin(): Promise<Trial> {
    const fresh = await freshDatabase({
      template: 'service-level',
      migrate: async (ownerUrl, appRole) => void (await migrate({ ...serviceLevel, ownerUrl, appRole })),
    });
    const database = new Database({ url: fresh.appUrl, applicationName: 'trial' });
    await database.open();
    return new Trial(fresh, database);
  }

  async end(): Promise<void> {
    await this.database.close();
    await this.fresh.drop();
  }

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.work.run({ who: 'tester', door: 'rest', useCase: 'Trial', correlationId: 'trial' }, work);
  }

  /** Runs the work and says what it cost. */
  async cost(work: (tx: Tx) => Promise<unknown>): Promise<Cost> {
    let [statements, rows] = [0, 0];
    await this.run(async (tx) => {
      [statements, rows] = [0, 0];
      const query = tx.query.bind(tx);
      tx.query = async <R>(text: string, params?: readonly unknown[]): Promise<R[]> => {
        const found = await query<R>(text, params);
        [statements, rows] = [statements + 1, rows + found.length];
        return found;
      };
      await work(tx);
    });
    return { statements, rows };
  }

  describe(slug: string, but: Partial<ServiceDescription> = {}) {
    const description: ServiceDescription = {
      name: slug,
      owner: null,
      criticality: null,
      vitalBusinessFunctions: [],
      users: null,
      dependsOn: [],
      liveSince: Date.parse('2025-01-01T00:00:00Z'),
      ...but,
    };
    return this.run((tx) => this.cataloguing.describe(tx, slug, description));
  }

  register(slug: string, kind: 'customer' | 'supplier' | 'team') {
    return this.run((tx) =>
      this.registering.register(tx, slug, { kind, name: slug, currency: null, zone: null, contacts: [] }),
    );
  }

  draft(reference: string, but: Partial<Proposal> = {}) {
    return this.run((tx) => this.agreeing.draft(tx, reference, proposal(but)));
  }

  agree(reference: string) {
    return this.run((tx) => this.agreeing.agree(tx, reference));
  }

  /** payroll, acme and an SLA between them that is agreed. */
  async withAgreement(reference = 'payroll-sla', but: Partial<Proposal> = {}): Promise<void> {
    await this.describe('payroll');
    await this.register('acme', 'customer');
    await this.draft(reference, but);
    await this.agree(reference);
  }

  /** A figure comes by the bus, as its contract lets it through. */
  hear(told: FigureV1) {
    return this.run((tx) => this.hearIn(tx, told));
  }

  hearIn(tx: Tx, told: FigureV1): Promise<void> {
    const data = parsePayload(figures, JSON.parse(JSON.stringify(told)));
    return this.monitoring.hear(tx, {
      id: `event-${told.version}`,
      type: 'underpin.availability.figure-revised.v1',
      reason: 'figure-revised',
      key: told.id,
      time: 0,
      version: BigInt(told.version),
      data,
      correlationId: 'trial',
      topic: figures.topic,
      partition: 0,
      offset: 0n,
    });
  }

  /** What was told to the others so far, in the order in which it was written. */
  async announced(topic: string): Promise<Announced[]> {
    const rows = await this.fresh.query<{ topic: string; key: string; headers: Record<string, string>; value: string }>(
      'select topic, key, headers, value from outbox where topic = $1 order by pos',
      [topic],
    );
    return rows.map((row) => ({
      topic: row.topic,
      key: row.key,
      reason: /^underpin\.service-level\.(.*)\.v1$/.exec(row.headers['ce_type'] ?? '')?.[1] ?? '',
      data: JSON.parse(row.value) as Record<string, unknown>,
    }));
  }

  timers(): Promise<{ kind: string; key: string; due_at: string }[]> {
    return this.fresh.query('select kind, key, due_at from timer order by due_at, key');
  }
}
