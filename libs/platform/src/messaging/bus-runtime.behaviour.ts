import type { BusUnderTest } from './bus-port.behaviour';
import { describeConsumer } from './consumer.behaviour';
import { describeDeadLetters } from './dead-letters.behaviour';
import { describeProducer } from './producer.behaviour';
import { runtimeStage } from './runtime-stage.behaviour';

/** Relay, consumer and dead letters as a service runs them, on a real database and this bus. */
export const describeRuntime = (busUnderTest: () => BusUnderTest): void => {
  const stage = runtimeStage(busUnderTest);
  describe('a consumer', () => describeConsumer(stage));
  describe('a dead letter', () => describeDeadLetters(stage));
  describe('a producer', () => describeProducer(stage));
};
