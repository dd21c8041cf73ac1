import { kafkaBroker, withKafka } from '@underpin/testing/kafka';
import { ConfigResourceTypes, Kafka, logLevel, type Admin } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { KafkaBus } from './kafka-bus';
import { declareKafkaTopics } from './kafka-topics';

jest.setTimeout(60_000);

withKafka(() =>
  describe('topics on Kafka', () => {
    let brokers: string[];
    let admin: Admin;
    beforeAll(async () => {
      ({ brokers } = await kafkaBroker());
      admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
    });
    afterAll(() => admin.disconnect());

    const settings = async (name: string): Promise<Record<string, string>> => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name }],
      });
      return Object.fromEntries(resources[0]?.configEntries.map((e) => [e.configName, e.configValue]) ?? []);
    };
    const partitionsOf = async (name: string) =>
      (await admin.fetchTopicMetadata({ topics: [name] })).topics[0]?.partitions.length;

    it('compacts what is state, keeps what is a record for its time, and stamps both with the time of the broker', async () => {
      const [state, fact] = [`underpin.test.${randomUUID()}`, `underpin.test.${randomUUID()}`];
      await declareKafkaTopics({
        brokers,
        topics: [
          { name: state, shape: 'state', partitions: 3 },
          { name: fact, shape: 'record', partitions: 2, retentionMs: 86_400_000 },
        ],
      });
      const common = { 'message.timestamp.type': 'LogAppendTime', 'max.message.bytes': '2097152' };
      expect(await settings(state)).toMatchObject({ ...common, 'cleanup.policy': 'compact' });
      expect(await settings(fact)).toMatchObject({ ...common, 'cleanup.policy': 'delete', 'retention.ms': '86400000' });
      expect([await partitionsOf(state), await partitionsOf(fact)]).toEqual([3, 2]);
    });

    it('may be repeated: sets what has changed, leaves the partitions and what an operator has set', async () => {
      const name = `underpin.test.${randomUUID()}`;
      const topic = { name, shape: 'record', partitions: 2, retentionMs: 86_400_000 } as const;
      await declareKafkaTopics({ brokers, topics: [topic] });
      const set = Object.entries(await settings(name))
        .filter(([key]) =>
          ['cleanup.policy', 'retention.ms', 'message.timestamp.type', 'max.message.bytes'].includes(key),
        )
        .map(([key, value]) => ({ name: key, value }));
      await admin.alterConfigs({
        validateOnly: false,
        resources: [
          { type: ConfigResourceTypes.TOPIC, name, configEntries: [...set, { name: 'segment.ms', value: '1234567' }] },
        ],
      });
      await declareKafkaTopics({ brokers, topics: [{ ...topic, partitions: 5, retentionMs: 172_800_000 }] });
      await declareKafkaTopics({ brokers, topics: [{ ...topic, partitions: 5, retentionMs: 172_800_000 }] });
      expect(await settings(name)).toMatchObject({ 'retention.ms': '172800000', 'segment.ms': '1234567' });
      expect(await partitionsOf(name)).toBe(2);
    });

    it('never come into being by accident', async () => {
      const name = `underpin.test.${randomUUID()}`;
      const bus = new KafkaBus({ brokers, clientId: 'test' });
      try {
        await expect(bus.append(name, [{ key: 'a', headers: {}, value: '1' }])).rejects.toMatchObject({
          reason: 'unknown-topic',
        });
        await expect(bus.offsets([name])).rejects.toMatchObject({ reason: 'unknown-topic' });
        expect(await bus.topics()).not.toContain(name);
      } finally {
        await bus.close();
      }
    });
  }),
);
