import { ownKafka, withKafka } from '@underpin/testing/kafka';
import { describeFlows } from './flows.behaviour';

withKafka(
  () =>
    describeFlows('Apache Kafka', async () => {
      const kafka = await ownKafka();
      return { UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: kafka.brokers.join(',') };
    }),
  { own: true },
);
