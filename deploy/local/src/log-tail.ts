import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 16_384;
const WORDS_BYTES = 400;

/**
 * The most telling words at the end of a log, to be shown beside "it ended": the message of the last structured line of level error or
 * fatal, else the last line that is neither blank nor a stack frame.
 */
export function lastWords(path: string): string {
  const lines = tail(path).split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const structured = lines.map(messageOf).filter((message) => message !== null);
  const plain = lines.filter((line) => !/^(at |\{|\}|\^|Node\.js v|\(Use `node)/.test(line));
  const words = structured.at(-1) ?? plain.findLast((line) => /error|problem|missing|wrong|fail/i.test(line)) ?? plain.at(-1) ?? '';
  return words.length > WORDS_BYTES ? `${words.slice(0, WORDS_BYTES)}…` : words;
}

const messageOf = (line: string): string | null => {
  try {
    const { level, message, err } = JSON.parse(line) as { level?: string; message?: string; err?: { message?: string } };
    if (level !== 'error' && level !== 'fatal') return null;
    return [message, err?.message].filter((part) => part !== undefined).join(': ');
  } catch {
    return null;
  }
};

const tail = (path: string): string => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const length = Math.min(size, TAIL_BYTES);
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, size - length);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
};
