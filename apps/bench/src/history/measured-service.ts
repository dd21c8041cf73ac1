import { readFileSync } from 'node:fs';
import path from 'node:path';
import { agreements, type AgreementV1 } from '@underpin/contracts/service-level/agreement.v1';
import { services } from '@underpin/contracts/service-level/service.v1';
import { toBinary, type Envelope } from '@underpin/contracts/envelope';
import { measureId } from '@underpin/kernel/measure/measure-id';
import { iso } from '@underpin/kernel/time/instant';
import { PostgresLog } from '@underpin/platform/messaging/postgres-log';
import { eventually } from '@underpin/testing/eventually';
import type { FreshDatabase } from '@underpin/testing/postgres';
import { busDatabase, postgresBus } from '../bus-database';
import { databaseOf, repository, serve, type Keys, type Serving } from '../processes';
import { SERVICE, type HistoryShape } from './loading';

/** The availability service as a process, with one agreement on one service: its figures are open, and nothing is counted yet. */
export interface MeasuredService extends Serving {
  readonly database: FreshDatabase;
}

export const measuredService = async (caller: Keys, shape: HistoryShape): Promise<MeasuredService> => {
  const database = await databaseOf('availability');
  const bus = await busDatabase();
  const env = { UNDERPIN_DATABASE_URL: database.appUrl, UNDERPIN_API_KEYS_FILE: caller.file, ...postgresBus(bus) };
  const serving = await serve({ script: 'apps/availability/dist/main.js', env, ready: '/health/ready' });
  const log = new PostgresLog({ url: bus.appUrl, applicationName: 'bench' });
  await log.append(services.topic, [toBinary(serviceEvent(shape))]);
  await log.append(agreements.topic, [toBinary(agreementEvent(shape))]);
  await log.close();
  await counted(database);
  return { ...serving, database };
};

/** Waits until figures are open and nothing is left to be counted. */
export const counted = (database: FreshDatabase): Promise<void> =>
  eventually(
    async () => {
      const [row] = await database.query<{ open: string; left: string }>(
        'select (select count(*) from figure where revision > 0) as open, (select count(*) from pending_recount) as left',
      );
      if (row?.open === '0' || row?.left !== '0')
        throw new Error(`${row?.open} figures are counted, ${row?.left} recounts are left`);
    },
    { withinMs: 120_000 },
  );

/** The golden sample of a contract. */
const sample = (name: string): Envelope<Record<string, unknown>> => {
  const event = JSON.parse(
    readFileSync(path.join(repository, `libs/contracts/src/service-level/${name}.v1.sample.json`), 'utf8'),
  ) as Envelope<Record<string, unknown>>;
  return { ...event, time: Date.parse(String(event.time)), subjectversion: BigInt(event.subjectversion ?? 1) };
};

const serviceEvent = ({ from }: HistoryShape): Envelope => {
  const event = sample('service');
  return { ...event, subject: SERVICE, data: { ...event.data, id: SERVICE, liveSince: iso(from) } };
};

/** The agreement of the sample, in UTC and over the time of the history. */
const agreementEvent = ({ from, to }: HistoryShape): Envelope => {
  const event = sample('agreement');
  const [term] = (event.data as unknown as AgreementV1).terms;
  if (term === undefined) throw new Error('The sample agreement has no term');
  const calendar = { ...term.calendar, zone: 'UTC' };
  const definition = {
    service: SERVICE,
    counted: 'any',
    calendar,
    policy: term.policy,
    reportingPeriod: term.reportingPeriod,
    grace: term.grace,
  } as const;
  const changed = {
    ...term,
    calendar,
    effective: { from: iso(from), to: iso(to) },
    countedParty: null,
    measureId: measureId(definition),
  };
  return { ...event, data: { ...event.data, service: SERVICE, terms: [changed] } };
};
