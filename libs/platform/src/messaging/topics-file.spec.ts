import { parseTopics, readTopics, topicsFile } from './topics-file';

const DAY_MS = 86_400_000;

describe('the topics file', () => {
  it('gives a topic the partitions of the file unless it says its own, and a record topic its retention', () => {
    expect(
      parseTopics(`
        partitions: 12
        topics:
          - { name: a.services, shape: state }
          - { name: a.clock, shape: state, partitions: 1 }
          - { name: intake.outages, shape: record, retentionDays: 30 }`),
    ).toEqual([
      { name: 'a.services', shape: 'state', partitions: 12 },
      { name: 'a.clock', shape: 'state', partitions: 1 },
      { name: 'intake.outages', shape: 'record', partitions: 12, retentionMs: 30 * DAY_MS },
    ]);
  });

  it('is refused with everything that is wrong in it', () => {
    const text = `
      partitions: 3
      topics:
        - { name: Twice, shape: queue }
        - { name: a, shape: record }
        - { name: a, shape: state, retentionDays: 3, partition: 4, partitions: 0 }`;
    const tell = (): unknown => parseTopics(text, 'topics.yaml');
    expect(tell).toThrow(/^topics\.yaml:/);
    for (const problem of [
      'Twice: "name"',
      'Twice: "shape"',
      'a record topic needs "retentionDays"',
      'no "retentionDays"',
      '"partition" means nothing',
      '"partitions" is',
      'a stands there twice',
    ])
      expect(tell).toThrow(problem);
    expect(() => parseTopics('')).toThrow('needs "partitions"');
  });

  it('is found in this tree, and holds what the tree says', () => {
    expect(readTopics(topicsFile({})).map((t) => t.name)).toContain('underpin.availability.outages');
    expect(() => topicsFile({ UNDERPIN_TOPICS_FILE: '/nowhere/topics.yaml' })).toThrow(
      'There is no topics file /nowhere/topics.yaml',
    );
  });
});
