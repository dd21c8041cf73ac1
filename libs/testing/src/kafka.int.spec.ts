import { Kafka, logLevel } from 'kafkajs';
import { eventually } from './eventually';
import { freshKafka, kafkaBroker, ownKafka, withKafka } from './kafka';
import { apiVersions, lineOf } from './kafka-probe';

jest.setTimeout(180_000);

const kafkaAt = (brokers: string[]) => new Kafka({ brokers, logLevel: logLevel.NOTHING });

withKafka(
  () =>
    describe('a Kafka broker for tests', () => {
      it('is one for the whole run, and takes topics at once', async () => {
        const [broker, again, fresh] = await Promise.all([kafkaBroker(), kafkaBroker(), freshKafka()]);
        expect([again, fresh.brokers]).toEqual([broker, broker.brokers]);
        const admin = kafkaAt(broker.brokers).admin();
        await admin.connect();
        await admin.createTopics({ topics: [{ topic: `${fresh.prefix}outages`, numPartitions: 3 }] });
        expect(await admin.listTopics()).toContain(`${fresh.prefix}outages`);
        await admin.disconnect();
      });

      it('says which line of Kafka it belongs to', async () => {
        const answer = await apiVersions((await kafkaBroker()).brokers[0] as string);
        expect(lineOf(answer ?? { metadataVersion: undefined })).toMatch(/^(\d\.\d+|newer than)/);
        expect(await apiVersions('127.0.0.1:1')).toBeUndefined();
      });

      it('can be had for one spec alone: killed, it comes back at its address with its data', async () => {
        const own = await ownKafka();
        const shared = await kafkaBroker();
        expect(own.brokers).not.toEqual(shared.brokers);
        const admin = kafkaAt(own.brokers).admin();
        await admin.connect();
        await admin.createTopics({ topics: [{ topic: 'mine' }] });
        await admin.disconnect();
        await own.kill();
        expect(await apiVersions(own.brokers[0] as string)).toBeUndefined();
        await own.restart();
        const back = kafkaAt(own.brokers).admin();
        await eventually(() => back.connect());
        await eventually(async () => expect(await back.listTopics()).toContain('mine'));
        await back.disconnect();
        await own.remove();
        expect(await apiVersions(own.brokers[0] as string)).toBeUndefined();
      });
    }),
  { own: true },
);
