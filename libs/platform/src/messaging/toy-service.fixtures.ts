import { IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { recordSubject, stateSubject } from '@underpin/contracts/subject';
import { decided } from '@underpin/kernel/decision';
import { freshDatabase, type FreshDatabase } from '@underpin/testing/postgres';
import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Actor } from '../persistence/actor';
import { Database } from '../persistence/database';
import { heardTable, heardTableDdl } from '../persistence/heard-table';
import { migrate } from '../persistence/migrate';
import { subjectTable, type Fact } from '../persistence/subject-table';
import { UnitOfWork } from '../persistence/unit-of-work';
import { Log } from '../telemetry/logger';
import { RealClock } from '../time/clock';

/** A subject that needs no explanation: a lamp, and whether it is lit. */
export class LampV1 {
  @IsString()
  readonly id: string;

  @IsInt()
  readonly version: number;

  @IsString()
  readonly recordedAt: string;

  @IsIn(['lit', 'out'])
  readonly state: 'lit' | 'out';

  @IsOptional()
  @IsString()
  readonly note?: string;
}

/** Somebody says that he saw a lamp flicker. */
export class FlickerV1 {
  @IsString()
  readonly lamp: string;

  @IsInt()
  readonly sequence: number;
}

export const lampsOn = (topic: string) =>
  stateSubject<LampV1, 'lamp-lit' | 'lamp-put-out'>({
    topic,
    owner: 'toy',
    reasons: ['lamp-lit', 'lamp-put-out'],
    payload: LampV1,
    key: (lamp) => lamp.id,
  });

export const flickersOn = (topic: string) =>
  recordSubject<FlickerV1, 'flicker-seen'>({
    topic,
    owner: 'intake',
    reasons: ['flicker-seen'],
    payload: FlickerV1,
    key: (flicker) => flicker.lamp,
  });

export interface Lamp {
  readonly id: string;
  readonly state: 'lit' | 'out';
  readonly note: string | null;
}
export interface LampFact extends Fact {
  readonly type: 'lit' | 'put-out';
}

export const lampTableOn = (topic: string) =>
  subjectTable<string, Lamp, LampFact>({
    table: 'lamp',
    keyColumns: ['id'],
    toKey: (id) => ({ id }),
    toRow: ({ state, note }) => ({ state, note }),
    fromRow: (row) => ({
      id: row['id'] as string,
      state: row['state'] as Lamp['state'],
      note: row['note'] as string | null,
    }),
    unheardOf: (id) => ({ id, state: 'out', note: null }),
    publication: {
      subject: lampsOn(topic),
      telling: ([fact]) => ({ reason: fact?.type === 'lit' ? 'lamp-lit' : 'lamp-put-out', time: 1_700_000_000_000 }),
      snapshot: ({ id, state, note }, { version, recordedAt }) => ({
        id,
        version,
        recordedAt: String(recordedAt),
        state,
        ...(note === null ? {} : { note }),
      }),
    },
  });

export const heardLamps = heardTable<LampV1>({ table: 'heard_lamp', columns: ({ state }) => ({ state }) });

class Toys1700000001000 implements MigrationInterface {
  readonly name = 'Toys1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table lamp (id text primary key, state text not null, note text, version int not null, recorded_at int8 not null, reason text not null, happened_at int8 not null);
      ${heardTableDdl('heard_lamp', 'state text not null')};
      -- What a handler did, once for each time that it did it.
      create table applied (n bigserial primary key, topic text not null, key text not null, version int8 not null, correlation_id text not null);
    `);
  }

  async down(): Promise<void> {
    throw new Error('never');
  }
}

export const actor = (useCase = 'toy'): Actor => ({ who: 'toy', door: 'rest', useCase, correlationId: randomUUID() });

/** A toy service's database, as a process has it. */
export interface ToyDatabase {
  readonly fresh: FreshDatabase;
  readonly log: Log;
  /** The connections of one more process. */
  open(): Promise<{ database: Database; work: UnitOfWork }>;
  close(): Promise<void>;
}

export const toyDatabase = async (): Promise<ToyDatabase> => {
  const fresh = await freshDatabase({
    template: 'toy-service',
    migrate: async (ownerUrl, appRole) => void (await migrate({ ownerUrl, appRole, migrations: [Toys1700000001000] })),
  });
  const opened: Database[] = [];
  return {
    fresh,
    log: Log.of('toy', 'silent'),
    async open() {
      const database = new Database({ url: fresh.appUrl, applicationName: 'toy', poolSize: 6 });
      await database.open();
      opened.push(database);
      return { database, work: new UnitOfWork(database, new RealClock(), '/underpin/toy') };
    },
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      await fresh.drop();
    },
  };
};

/** Lights a lamp or puts it out: one version more, one event more. */
export const light = (
  work: UnitOfWork,
  topic: string,
  id: string,
  note: string | null = null,
  state: Lamp['state'] = 'lit',
) =>
  work.run(actor(), (tx) =>
    tx.change(lampTableOn(topic), id, (lamp) =>
      decided({ ...lamp, state, note }, [{ type: state === 'lit' ? 'lit' : 'put-out' }]),
    ),
  );
