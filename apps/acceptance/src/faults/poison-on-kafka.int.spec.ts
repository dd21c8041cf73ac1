import { Kafka, logLevel } from 'kafkajs';
import { catalogue } from '@underpin/contracts/catalogue';
import { eventually } from '@underpin/testing/eventually';
import { ownKafka, withKafka, type OwnKafka } from '@underpin/testing/kafka';
import { RunningPlatform } from '../platform/running-platform';

const MINUTE = 60_000;
const PARTITIONS = 12;

const headers = (type: string) => ({
  ce_specversion: '1.0',
  ce_id: 'poison',
  ce_type: type,
  ce_source: '/poison',
  ce_subject: 'poison',
  ce_time: '2026-10-13T14:50:00.000Z',
  ce_subjectversion: '1',
});

/** What anybody who may write to a topic may have written. */
const poisons: readonly {
  readonly what: string;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
}[] = [
  { what: 'bytes that are no text', value: Buffer.from([0xff, 0xfe, 0x00]), headers: {} },
  {
    what: 'text that is no JSON',
    value: Buffer.from('<outage/>'),
    headers: headers('underpin.intake.outage-reported.v1'),
  },
  { what: 'no value', value: null, headers: headers('underpin.intake.outage-reported.v1') },
  { what: 'an unknown type', value: Buffer.from('{}'), headers: headers('underpin.nobody.thing-happened.v1') },
  { what: 'a version of the future', value: Buffer.from('{}'), headers: headers('underpin.intake.outage-reported.v9') },
  {
    what: 'a number that is none',
    value: Buffer.from('{"weight":1e309}'),
    headers: headers('underpin.intake.outage-reported.v1'),
  },
  {
    what: 'data of another shape',
    value: Buffer.from('{"id":7}'),
    headers: headers('underpin.service-level.agreement-agreed.v1'),
  },
];

withKafka(
  () =>
    describe('Poison on every partition of every topic', () => {
      let kafka: OwnKafka;
      let platform: RunningPlatform;

      beforeAll(async () => {
        kafka = await ownKafka();
        platform = await RunningPlatform.start({
          UNDERPIN_BUS: 'kafka',
          UNDERPIN_KAFKA_BROKERS: kafka.brokers.join(','),
        });
      }, 5 * MINUTE);
      afterAll(async () => {
        await platform.stop();
        await kafka.remove();
      }, 2 * MINUTE);

      it(
        'is put aside with its reason, holds nothing up behind it, and changes nothing',
        async () => {
          const producer = new Kafka({
            brokers: kafka.brokers,
            clientId: 'poison',
            logLevel: logLevel.NOTHING,
          }).producer();
          await producer.connect();
          for (const { topic } of catalogue.filter(({ topic: name }) => name !== 'underpin.platform.clock'))
            for (const [index, poison] of poisons.entries())
              await producer.send({
                topic,
                messages: Array.from({ length: PARTITIONS }, (_, partition) => ({
                  key: `poison-${index}`,
                  partition,
                  value: poison.value,
                  headers: poison.headers,
                })),
              });
          await producer.disconnect();

          await platform.ask('PUT', '/service-level/parties/acme', { kind: 'customer', name: 'Acme', currency: 'EUR' });
          await platform.ask('PUT', '/service-level/services/payroll', {
            name: 'Payroll',
            liveSince: '2026-01-01T00:00:00Z',
          });
          await platform.ask('PUT', '/service-level/agreements/sla', {
            kind: 'SLA',
            service: 'payroll',
            customer: 'acme',
            effective: { from: '2026-01-01T00:00:00Z' },
            zone: 'UTC',
            reportingPeriod: 'month',
            target: { availability: '99.9' },
            remedy: { tiers: [{ below: '99.9', percent: '10' }] },
          });
          await platform.ask('POST', '/service-level/agreements/sla/agree');
          await platform.ask('PUT', '/financial/prices/payroll/acme', {
            currency: 'EUR',
            rates: [{ from: '2026-01-01', amount: '100.00', per: 'month' }],
          });
          await platform.ask('PUT', '/availability/outages/monitoring/1', {
            sequence: 1,
            service: 'payroll',
            occurredAt: '2026-02-01T00:00:00Z',
            restoredAt: '2026-02-02T00:00:00Z',
          });
          await eventually(
            async () => {
              const { obligations } = await platform.ask('GET', '/financial/obligations?agreement=sla');
              expect(obligations.find((o: any) => o.from === '2026-02-01T00:00:00.000Z')).toMatchObject({
                status: 'accrued',
                amount: '10.00',
              });
            },
            { withinMs: MINUTE },
          );

          const { deadLetters } = await platform.ask('GET', '/availability/admin/dead-letters?limit=500');
          const reasons = new Set(deadLetters.map((letter: any) => letter.reason));
          expect([...reasons].sort()).toEqual(
            expect.arrayContaining(['contract.violated', 'event.not-json', 'unknown-type', 'unknown-version']),
          );
          expect(deadLetters.every((letter: any) => letter.detail.length > 10 && letter.status === 'waiting')).toBe(
            true,
          );
          expect(await platform.isReady()).toBe(true);
        },
        4 * MINUTE,
      );
    }),
  { own: true },
);
