import { busFrom } from './bus';

describe('the bus that the environment asks for', () => {
  it.each([[{}], [{ UNDERPIN_BUS: '' }], [{ UNDERPIN_BUS: 'postgres', UNDERPIN_KAFKA_BROKERS: 'unused:9092' }]])(
    'is the Postgres log: %j',
    (env) => expect(busFrom(env)).toEqual({ kind: 'postgres' }),
  );

  it('is Kafka when that is said with its brokers', () =>
    expect(busFrom({ UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: 'a:9092,b:9092' })).toEqual({
      kind: 'kafka',
      brokers: 'a:9092,b:9092',
    }));

  it.each([
    [{ UNDERPIN_BUS: 'kafka' }, /UNDERPIN_KAFKA_BROKERS is missing: set it/],
    [{ UNDERPIN_BUS: 'rabbit' }, /UNDERPIN_BUS is "rabbit": set it to "kafka", or unset it/],
  ])('is refused when no service could start with it: %j', (env, sentence) =>
    expect(() => busFrom(env)).toThrow(sentence),
  );
});
