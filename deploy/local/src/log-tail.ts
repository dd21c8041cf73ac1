import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 16_384;
const TAIL_LINES = 12;
const LINE_LENGTH = 400;

interface Structured {
  readonly level?: string;
  readonly message?: string;
  readonly err?: { readonly message?: string };
}

/**
 * The most telling words of a log since `from` (a byte position), to be shown beside "it ended": the message of the last structured line
 * of level error or fatal, else the last line that is neither blank nor a stack frame.
 */
export function lastWords(path: string, from = 0): string {
  const lines = linesOf(path, from);
  const errors = lines.flatMap((line) => {
    const structured = structureOf(line);
    return structured?.level === 'error' || structured?.level === 'fatal' ? [wordsOf(structured)] : [];
  });
  const plain = lines.filter(isTelling);
  const words =
    errors.at(-1) ?? plain.findLast((line) => /error|problem|missing|wrong|fail/i.test(line)) ?? plain.at(-1) ?? '';
  return shortened(words);
}

/** The last lines of a log since `from`, as people read them: structured ones as `level message`, stack frames left out. */
export const endOfLog = (path: string, from = 0): readonly string[] =>
  linesOf(path, from)
    .filter(isTelling)
    .flatMap((line) => {
      const structured = structureOf(line);
      return structured === null ? [line] : `${structured.level ?? ''} ${wordsOf(structured)}`.trim().split('\n');
    })
    .slice(-TAIL_LINES)
    .map(shortened);

const isTelling = (line: string): boolean => !/^\s*(at |\{?$|\}|\^|Node\.js v|\(Use `node)/.test(line);

const shortened = (text: string): string => (text.length > LINE_LENGTH ? `${text.slice(0, LINE_LENGTH)}…` : text);

const wordsOf = ({ message, err }: Structured): string =>
  [message, err?.message].filter((part) => part !== undefined).join(': ');

const structureOf = (line: string): Structured | null => {
  try {
    const parsed = JSON.parse(line) as Structured | string | number | boolean | null;
    return typeof parsed === 'object' && parsed?.level !== undefined ? parsed : null;
  } catch {
    return null;
  }
};

const linesOf = (path: string, from: number): string[] =>
  tail(path, from)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');

/** A log that is shorter than `from` was emptied meanwhile: then all of it is new. */
const tail = (path: string, from: number): string => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const length = Math.min(from <= size ? size - from : size, TAIL_BYTES);
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, size - length);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
};
