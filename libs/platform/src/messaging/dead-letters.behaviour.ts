import { conflict } from '@underpin/kernel/errors';
import { eventually } from '@underpin/testing/eventually';
import { randomUUID } from 'node:crypto';
import type { Heard } from './listens';
import { lamp, LONG, type RuntimeStage } from './runtime-stage.behaviour';
import { actor, type LampV1 } from './toy-service.fixtures';

/** What becomes of a message that could not be handled. */
export const describeDeadLetters = (stage: RuntimeStage): void => {
  const { open, newTopic, keepsLamps, join, applied, copies, position, letters, query } = stage;

  /** A lamp that nobody can handle until it is mended. */
  const troubled = async () => {
    const topic = await newTopic();
    const { bus } = await open();
    let broken = true;
    const mend = (): void => void (broken = false);
    const trip = ({ version }: Heard<LampV1>): void => {
      if (broken && version === 2n) throw conflict('lamp.broken', 'It gives no light');
    };
    const member = await join(bus, [keepsLamps(topic, trip)]);
    await bus.append(topic, [lamp('hall', 1), lamp('hall', 2)]);
    await eventually(async () => expect(await letters(topic)).toHaveLength(1), LONG);
    const [letter] = await member.letters.list({ limit: 10 });
    return { ...member, topic, bus, mend, id: letter?.id ?? 'none' };
  };

  it('is handled by the same handlers when it is redriven, and moves no position', async () => {
    const { topic, letters: deadLetters, mend, id } = await troubled();
    await expect(deadLetters.redrive(actor(), id)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'dead-letter.failed-again',
    });
    expect(await letters(topic)).toMatchObject([{ status: 'waiting', attempts: 2 }]);
    mend();
    expect(await deadLetters.redrive(actor(), id)).toMatchObject({ status: 'redriven', settled_by: 'toy' });
    expect(await copies()).toEqual([{ key: 'hall', version: '2', note: 'v2' }]);
    expect(await position(topic)).toEqual([2n]);
    await expect(deadLetters.redrive(actor(), id)).rejects.toMatchObject({ code: 'dead-letter.settled' });
  });

  it('is superseded by a newer version, and changes nothing when it is redriven after it', async () => {
    const { topic, bus, letters: deadLetters, mend, id } = await troubled();
    await bus.append(topic, [lamp('hall', 3)]);
    await eventually(async () => expect(await position(topic)).toEqual([3n]), LONG);
    expect(await letters(topic)).toMatchObject([{ status: 'waiting', superseded_by: '3' }]);
    mend();
    await deadLetters.redrive(actor(), id);
    expect(await copies()).toEqual([{ key: 'hall', version: '3', note: 'v3' }]);
    expect(await applied()).toEqual(['hall@1', 'hall@3']);
  });

  it('can be given up, with a reason', async () => {
    const { letters: deadLetters, id } = await troubled();
    expect(await deadLetters.discard(actor(), id, 'the lamp was sold')).toMatchObject({
      status: 'discarded',
      settled_why: 'the lamp was sold',
    });
    await expect(deadLetters.redrive(actor(), id)).rejects.toMatchObject({ code: 'dead-letter.settled' });
    await expect(deadLetters.find(randomUUID())).rejects.toMatchObject({ code: 'dead-letter.unknown' });
    expect(await query(`select facts from audit where subject = 'dead_letter'`)).toHaveLength(1);
  });
};
