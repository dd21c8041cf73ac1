import { displayName, slugsOf } from './slug';

const SLUG = /^[a-z0-9][a-z0-9._-]{0,62}$/;

describe('slugs of names', () => {
  it('are the name where it is a plain one', () =>
    expect([...slugsOf(['API Requests', 'Git Operations', 'Überweisung / SEPA'])]).toEqual([
      ['API Requests', 'api-requests'],
      ['Git Operations', 'git-operations'],
      ['Überweisung / SEPA', 'uberweisung-sepa'],
    ]));

  it('are distinct and well formed for any names', () => {
    const names = [
      'API',
      'api',
      'A.P.I',
      'A P I',
      '日本語',
      '中文',
      '-',
      '🙂',
      'x'.repeat(500),
      `${'x'.repeat(500)}y`,
      '\ud800',
      '\ud801',
      'api-0123456789ab',
      '\u0000',
    ];
    const slugs = [...slugsOf(names).values()];
    expect(new Set(slugs).size).toBe(names.length);
    // What is added for the history and the terms has to fit as well.
    for (const slug of slugs) expect(`${slug}-12345678-12345678`).toMatch(SLUG);
  });

  it('depend on the set of names alone', () => {
    const [one, other] = [slugsOf(['b', 'B', 'a']), slugsOf(['a', 'B', 'b'])];
    for (const name of ['a', 'b', 'B']) expect(one.get(name)).toBe(other.get(name));
  });
});

describe('the name that is shown', () => {
  it('is one line of text that a catalogue can keep', () => {
    expect(displayName('  Git\n Operations\u0000\ud800 ')).toBe('Git Operations');
    expect(displayName('\u0000')).toBe('Unnamed');
    expect(displayName('🙂'.repeat(500)).length).toBeLessThanOrEqual(200);
    expect(displayName('API')).toBe('API');
  });
});
