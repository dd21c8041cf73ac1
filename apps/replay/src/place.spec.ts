import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeOf } from './place';

describe('where the platform is', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'place-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is said by a ready file, and the key by the file that it names', () => {
    writeFileSync(join(dir, 'key.txt'), 'upk_secret\n');
    writeFileSync(
      join(dir, 'ready.json'),
      JSON.stringify({ gateway: 'http://127.0.0.1:7100', apiKeyFile: join(dir, 'key.txt') }),
    );
    expect(placeOf('ready.json', {}, dir)).toEqual({ url: 'http://127.0.0.1:7100', apiKey: 'upk_secret' });
  });

  it('is said by the environment otherwise', () =>
    expect(placeOf(null, { UNDERPIN_URL: 'http://localhost:7100/', UNDERPIN_API_KEY: 'upk_k' }, dir)).toEqual({
      url: 'http://localhost:7100',
      apiKey: 'upk_k',
    }));

  it.each([
    ['nothing is set', null, {}, 'UNDERPIN_URL and UNDERPIN_API_KEY are not set'],
    ['the key is not set', null, { UNDERPIN_URL: 'http://x' }, 'UNDERPIN_API_KEY is not set'],
    [
      'the address is none',
      null,
      { UNDERPIN_URL: 'localhost:7100', UNDERPIN_API_KEY: 'k' },
      'UNDERPIN_URL is "localhost:7100"',
    ],
    ['there is no ready file', 'none.json', {}, 'is the platform running?'],
    ['the ready file is another file', 'package.json', {}, 'is no ready file'],
  ])('is asked for when %s', (_name, file, env, sentence) => {
    writeFileSync(join(dir, 'package.json'), '{}');
    expect(() => placeOf(file, env, dir)).toThrow(sentence);
  });
});
