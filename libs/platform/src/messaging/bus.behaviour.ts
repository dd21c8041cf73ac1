import { describePort, type BusUnderTest } from './bus-port.behaviour';
import { describeRuntime } from './bus-runtime.behaviour';

/** One behaviour suite, every bus: runs the same tests on an implementation of the port. */
export const describeBus = (name: string, makeBus: () => Promise<BusUnderTest & { close(): Promise<void> }>): void => {
  describe(`the bus on ${name}`, () => {
    let made: BusUnderTest & { close(): Promise<void> };
    beforeAll(async () => {
      made = await makeBus();
    }, 120_000);
    afterAll(() => made.close());

    describe('as a port', () => describePort(() => made));
    describe('under a service', () => describeRuntime(() => made));
  });
};
