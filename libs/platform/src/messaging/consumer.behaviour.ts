import { conflict } from '@underpin/kernel/errors';
import { eventually } from '@underpin/testing/eventually';
import { record } from './bus-port.behaviour';
import { listens, type Heard } from './listens';
import { flicker, hangingBus, lamp, LONG, noteApplied, type RuntimeStage } from './runtime-stage.behaviour';
import { actor, flickersOn, heardLamps, lampsOn, type LampV1 } from './toy-service.fixtures';

/** What a consumer does with what it is given. */
export const describeConsumer = (stage: RuntimeStage): void => {
  const { open, newTopic, keepsLamps, join, applied, copies, position, letters, query, forget } = stage;

  it('does the work of a message and moves the position in one commit, in answer to that message', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await bus.append(topic, [lamp('hall', 1), lamp('attic', 1)]);
    await join(bus, [keepsLamps(topic)]);
    await eventually(async () => expect(await position(topic)).toEqual([2n]), LONG);
    expect(await applied()).toEqual(['hall@1', 'attic@1']);
    expect(await query('select correlation_id from applied order by n')).toEqual([
      { correlation_id: 'about-hall' },
      { correlation_id: 'about-attic' },
    ]);
  });

  it('changes nothing by the same message a second time', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    const same = lamp('hall', 1);
    await bus.append(topic, [same, same]);
    await bus.append(topic, [same]);
    await join(bus, [keepsLamps(topic)]);
    await eventually(async () => expect(await position(topic)).toEqual([3n]), LONG);
    expect(await applied()).toEqual(['hall@1']);
  });

  it('keeps the highest version, whatever comes late or out of order', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await join(bus, [keepsLamps(topic)]);
    await bus.append(topic, [lamp('hall', 2), lamp('hall', 5)]);
    await eventually(async () => expect(await position(topic)).toEqual([2n]), LONG);
    await bus.append(topic, [lamp('hall', 1), lamp('hall', 4), lamp('hall', 3)]);
    await eventually(async () => expect(await position(topic)).toEqual([5n]), LONG);
    expect(await copies()).toEqual([{ key: 'hall', version: '5', note: 'v5' }]);
    expect(await applied()).toEqual(['hall@2', 'hall@5']);
  });

  it('puts one poisoned message among a thousand aside, and handles the 999 others', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    const all = Array.from({ length: 1_000 }, (_, n) => lamp(n === 617 ? 'poison' : `lamp-${n}`, 1));
    await bus.append(topic, all);
    let attempts = 0;
    await join(bus, [
      keepsLamps(topic, ({ key }) => {
        if (key !== 'poison') return;
        attempts += 1;
        throw new TypeError('a handler trips over it');
      }),
    ]);
    await eventually(async () => expect(await position(topic)).toEqual([1_000n]), LONG);
    expect(new Set(await applied()).size).toBe(999);
    expect(await applied()).toHaveLength(999);
    expect(await letters(topic)).toEqual([
      { reason: 'handler-failed', attempts: 5, status: 'waiting', superseded_by: null },
    ]);
    expect(attempts).toBeLessThan(20);
  });

  it('puts aside at once what the domain refuses', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await bus.append(topic, [lamp('hall', 1), lamp('attic', 1)]);
    const refuse = ({ key }: Heard<LampV1>): void => {
      if (key === 'hall') throw conflict('lamp.not-now', 'The hall is being painted');
    };
    await join(bus, [keepsLamps(topic, refuse)]);
    await eventually(async () => expect(await position(topic)).toEqual([2n]), LONG);
    expect(await letters(topic)).toMatchObject([{ reason: 'lamp.not-now', attempts: 1 }]);
    expect(await applied()).toEqual(['attic@1']);
  });

  it('puts aside what nobody can read, says why, and goes on', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await bus.append(topic, [
      lamp('hall', 1, 'x', { ce_type: 'underpin.toy.lamp-stolen.v1' }),
      lamp('hall', 1, 'x', { ce_type: 'underpin.toy.lamp-lit.v2' }),
      { ...lamp('hall', 1), value: 'not { json' },
      { ...lamp('hall', 1), value: '{"id":"hall","version":1e309,"state":"dim"}' },
      { ...lamp('hall', 1), value: '[]' },
      lamp('hall', 1, 'x', { ce_id: undefined }),
      lamp('hall', 1, 'x', { ce_subjectversion: undefined }),
      lamp('hall', 1, 'x', { ce_subjectversion: '-1' }),
      { ...lamp('hall', 1), key: 'attic' },
      record('hall', 'x'),
      lamp('cellar', 1),
    ]);
    await join(bus, [keepsLamps(topic)]);
    await eventually(async () => expect(await position(topic)).toEqual([11n]), LONG);
    expect((await letters(topic)).map((letter) => letter.reason)).toEqual([
      'unknown-type',
      'unknown-version',
      'event.not-json',
      'contract.violated',
      'contract.violated',
      'event.attribute-missing',
      'event.version',
      'event.version',
      'event.key',
      'event.not-json',
    ]);
    expect(await applied()).toEqual(['cellar@1']);
  });

  it('waits for a database that is away, for as long as it takes, and buries nothing', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await bus.append(topic, [lamp('hall', 1)]);
    let away = 3;
    await join(bus, [
      keepsLamps(topic, () => {
        if (away-- > 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      }),
    ]);
    await eventually(async () => expect(await applied()).toEqual(['hall@1']), LONG);
    expect(await letters(topic)).toEqual([]);
  });

  it('loses nothing and does nothing twice when a member is killed in the middle of a batch', async () => {
    const topic = await newTopic('record', 4);
    const [dying, living] = [await open(), await open()];
    await living.bus.append(
      topic,
      Array.from({ length: 100 }, (_, n) => flicker(`lamp-${n}`, 1)),
    );
    const listener = listens(flickersOn(topic), noteApplied);
    let die: (reason: Error) => void = () => undefined;
    const death = new Promise<never>((_resolve, reject) => (die = reject));
    death.catch(() => undefined);
    const { hanging, outcomes } = hangingBus(dying.bus, () => death);
    await join(hanging, [listener], { member: 'dying' });
    await eventually(() => expect(outcomes.length).toBeGreaterThan(0), LONG);
    dying.cut();
    await join(living.bus, [listener], { member: 'living' });
    await eventually(async () => expect(await applied()).toHaveLength(100), LONG);
    expect(new Set(await applied()).size).toBe(100);
    die(new Error('killed'));
  });

  it('fails on the position when it resumes as a zombie, after another has done its work', async () => {
    const topic = await newTopic('record', 1);
    const [stalled, healthy] = [await open(), await open()];
    const listener = listens(flickersOn(topic), noteApplied);
    let awaken: () => void = () => undefined;
    const sleep = new Promise<void>((resolve) => (awaken = resolve));
    let sleepy = false;
    const { hanging, outcomes } = hangingBus(stalled.bus, () => (sleepy ? sleep : Promise.resolve()));
    await join(hanging, [listener], { member: 'stalled' });
    await healthy.bus.append(topic, [flicker('hall', 1)]);
    await eventually(async () => expect(await applied()).toHaveLength(1), LONG);

    sleepy = true;
    await healthy.bus.append(topic, [flicker('hall', 2), flicker('hall', 3)]);
    await eventually(() => expect(outcomes).toHaveLength(2), LONG);
    stalled.cut();
    await join(healthy.bus, [listener], { member: 'healthy' });
    await eventually(async () => expect(await applied()).toHaveLength(3), LONG);
    awaken();
    await expect(outcomes[1]).rejects.toMatchObject({ name: 'PositionMoved' });
    expect(await applied()).toHaveLength(3);
    expect(await position(topic)).toEqual([3n]);
  });

  it('shares nothing with another group, and a new one reaches the same state from the earliest record', async () => {
    const topic = await newTopic('state', 4);
    const { bus } = await open();
    for (let version = 1; version <= 3; version++)
      await bus.append(
        topic,
        Array.from({ length: 20 }, (_, n) => lamp(`lamp-${n}`, version)),
      );
    await join(bus, [keepsLamps(topic)]);
    await eventually(async () => expect((await position(topic)).reduce((a, b) => a + b, 0n)).toBe(60n), LONG);
    const first = await copies();
    await query('delete from heard_lamp');
    await join(bus, [keepsLamps(topic)], { group: 'toy-again' });
    await eventually(async () => expect((await position(topic)).reduce((a, b) => a + b, 0n)).toBe(120n), LONG);
    expect(await copies()).toEqual(first);
    expect(first.map((copy) => copy.version)).toEqual(Array.from({ length: 20 }, () => '3'));
  });

  it('reaches the same state when everything is read again from zero', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await bus.append(topic, [lamp('hall', 1), lamp('hall', 3), lamp('hall', 2), lamp('attic', 1)]);
    const { consumer } = await join(bus, [keepsLamps(topic)]);
    await eventually(async () => expect(await position(topic)).toEqual([4n]), LONG);
    await consumer.stop();
    const [state, deeds] = [await copies(), await applied()];
    await query('delete from position');
    await join(bus, [keepsLamps(topic)]);
    await eventually(async () => expect(await position(topic)).toEqual([4n]), LONG);
    expect([await copies(), await applied()]).toEqual([state, deeds]);
  });

  it('is ready when it has handled what was on the bus at its start', async () => {
    const topic = await newTopic();
    const { bus } = await open();
    await bus.append(topic, [lamp('hall', 1)]);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const { consumer } = await join(bus, [
      listens(lampsOn(topic), async (tx, event) => {
        await held;
        await tx.hear(heardLamps, event);
      }),
    ]);
    await eventually(
      async () => expect(await consumer.caughtUp.check()).toMatch(/events that were there at the start: 1 partitions/),
      LONG,
    );
    expect(await consumer.lag()).toEqual([{ topic, partition: 0, position: null, high: 1n, lag: 1n }]);
    letGo();
    await eventually(async () => expect(await consumer.caughtUp.check()).toBeNull(), LONG);
    expect(await consumer.lag()).toEqual([{ topic, partition: 0, position: 1n, high: 1n, lag: 0n }]);
  });

  it('stops loudly where records are gone that it has not read, until somebody accepts that', async () => {
    const topic = await newTopic('record', 1);
    const { bus } = await open();
    const listener = listens(flickersOn(topic), noteApplied);
    await bus.append(topic, [flicker('a', 1)]);
    const before = await join(bus, [listener]);
    await eventually(async () => expect(await position(topic)).toEqual([1n]), LONG);
    await before.consumer.stop();
    await bus.append(topic, [flicker('b', 1), flicker('c', 1), flicker('d', 1)]);
    await forget({ topic, partition: 0 }, 3n);
    const { consumer } = await join(bus, [listener]);
    await eventually(() => expect(consumer.halts()).toMatchObject([{ topic, partition: 0, next: 1n, low: 3n }]), LONG);
    expect(await applied()).toEqual(['a@0']);
    expect(await consumer.acceptGap(actor('accept-gap'), { topic, partition: 0 })).toEqual({ position: 3n });
    await eventually(async () => expect(await applied()).toEqual(['a@0', 'd@0']), LONG);
    expect(await query(`select facts from audit where subject = 'position'`)).toEqual([{ facts: 'gap-accepted 1..3' }]);
  });
};
