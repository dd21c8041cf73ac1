import { subjectTable, type Fact } from '../persistence/subject-table';
import { Resync } from './resync';
import { actor, lampsOn, lampTableOn, light, toyDatabase, type Lamp, type ToyDatabase } from './toy-service.fixtures';

const TOPIC = 'underpin.toy.lamps';

describe('telling subjects again', () => {
  let toy: ToyDatabase;
  beforeAll(async () => {
    toy = await toyDatabase();
  });
  afterAll(() => toy.close());
  const outboxed = async () =>
    (await toy.fresh.query<{ key: string }>('delete from outbox returning key')).map(({ key }) => key).sort();

  it('finds them by the key of their events, whatever the key of their table is', async () => {
    const { work } = await toy.open();
    await light(work, TOPIC, 'hall', 'note-1');
    await light(work, TOPIC, 'attic', 'note-2');
    await light(work, TOPIC, 'cellar', 'note-3');
    await outboxed();
    const plain = lampTableOn(TOPIC);
    const byNote = subjectTable<string, Lamp, Fact>({
      ...plain,
      keyColumns: ['state', 'id'],
      publication: {
        ...plain.publication!,
        telling: () => null,
        subject: { ...lampsOn(TOPIC), key: (lamp: unknown) => String((lamp as { note?: string }).note) },
      },
    });
    const resync = new Resync(work, [byNote], 'toy', toy.log);
    expect(await resync.resync(actor(), TOPIC, ['note-1', 'note-3', 'hall'])).toEqual({
      topic: TOPIC,
      told: 2,
      missing: ['hall'],
    });
    expect(await outboxed()).toEqual(['note-1', 'note-3']);
    await resync.reemit(TOPIC, ['note-2']);
    expect(await outboxed()).toEqual(['note-2']);
    await resync.reemit('underpin.elsewhere', ['note-2']);
    expect(await outboxed()).toEqual([]);
  });

  it('says nothing of what was never told: a draft', async () => {
    const { work } = await toy.open();
    await light(work, TOPIC, 'draft');
    await toy.fresh.query(`update lamp set reason = 'drafted' where id = 'draft'`);
    await outboxed();
    const resync = new Resync(work, [lampTableOn(TOPIC)], 'toy', toy.log);
    expect(await resync.resync(actor(), TOPIC, ['draft', 'hall'])).toMatchObject({ told: 1, missing: ['draft'] });
    expect(await resync.resync(actor(), TOPIC)).toMatchObject({ told: 3 });
    expect(await outboxed()).not.toContain('draft');
  });
});
