import { Lanes } from './lanes';

it('runs so many at a time, in the order of their coming, and goes on after a failure', async () => {
  const lanes = new Lanes(2);
  const ends: ((error?: Error) => void)[] = [];
  const begun: number[] = [];
  const runs = [0, 1, 2, 3].map((n) =>
    lanes.run(() => {
      begun.push(n);
      return new Promise<void>((resolve, reject) => (ends[n] = (error) => (error ? reject(error) : resolve())));
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  ends[1]?.(new Error('poison'));
  await expect(runs[1]).rejects.toThrow('poison');
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  await runs[0];
  expect(begun).toEqual([0, 1, 2, 3]);
  [2, 3].forEach((n) => ends[n]?.());
  await Promise.all(runs.filter((_, n) => n !== 1));
});
