import { kafkaBroker, withKafka } from '@underpin/testing/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { connect } from 'node:net';
import type { TopicDeclaration } from './bus';
import { describeBus } from './bus.behaviour';
import { KafkaBus } from './kafka-bus';
import { declareKafkaTopics } from './kafka-topics';
import { TcpCable } from './tcp-cable.behaviour';

jest.setTimeout(120_000);

withKafka(() =>
  describeBus('Apache Kafka', async () => {
    const { brokers } = await kafkaBroker();
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const cables: TcpCable[] = [];
    const declared = new Map<string, TopicDeclaration>();
    return {
      async open() {
        const { cable, url } = await TcpCable.to(`kafka://${brokers[0]}`);
        cables.push(cable);
        const { hostname, port } = new URL(url);
        const bus = new KafkaBus({
          brokers,
          clientId: 'test',
          sessionMs: 3_000,
          heartbeatMs: 300,
          connect: () => connect({ host: hostname, port: Number(port) }),
        });
        return { bus, cut: () => cable.cut(), mend: () => cable.mend() };
      },
      async createTopic(topic) {
        declared.set(topic.name, topic);
        await declareKafkaTopics({ brokers, topics: [topic] });
      },
      async forget({ topic, partition }, before) {
        // Kafka deletes nothing before an offset while a topic is only compacted.
        const declaration = declared.get(topic) as TopicDeclaration;
        await declareKafkaTopics({ brokers, topics: [{ ...declaration, shape: 'record' }] });
        await admin.fetchTopicOffsets(topic); // the client cannot delete in a topic that it has not heard of
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: before.toString() }] });
        await declareKafkaTopics({ brokers, topics: [declaration] });
      },
      async close() {
        await admin.disconnect();
        await Promise.all(cables.map((cable) => cable.close()));
      },
    };
  }),
);
