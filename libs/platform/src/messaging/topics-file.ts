import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { TopicDeclaration } from './bus';

const DAY_MS = 86_400_000;
const ALLOWED = ['name', 'shape', 'partitions', 'retentionDays'];

/** The file with the topics of an installation: the one that the environment names, else the one in this source tree. */
export const topicsFile = (env: Readonly<Record<string, string | undefined>> = process.env): string => {
  const given = env['UNDERPIN_TOPICS_FILE']?.trim();
  const file =
    given !== undefined && given !== '' ? resolve(given) : join(__dirname, '../../../../deploy/kafka/topics.yaml');
  if (!existsSync(file)) throw new Error(`There is no topics file ${file}: name one in UNDERPIN_TOPICS_FILE`);
  return file;
};

export const readTopics = (file: string): TopicDeclaration[] => parseTopics(readFileSync(file, 'utf8'), file);

/**
 * Reads `partitions: 12` (for topics that say nothing else) and `topics: [{ name, shape, partitions?, retentionDays? }]`.
 * Everything that is wrong is told at once.
 */
export const parseTopics = (text: string, file = 'the topics file'): TopicDeclaration[] => {
  const content = (parse(text) ?? {}) as { partitions?: unknown; topics?: unknown };
  const { partitions, topics } = content;
  if (!isCount(partitions) || !Array.isArray(topics))
    throw new Error(`${file} needs "partitions" (a whole number from 1) and "topics" (a list)`);
  const problems: string[] = [];
  const declared = topics.map((entry: unknown) => topicOf(entry, partitions, (problem) => problems.push(problem)));
  const names = declared.map((topic) => topic.name);
  names
    .filter((name, index) => names.indexOf(name) !== index)
    .forEach((name) => problems.push(`${name} stands there twice`));
  if (problems.length > 0) throw new Error(`${file}:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  return declared;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

const topicOf = (entry: unknown, byDefault: number, problem: (text: string) => void): TopicDeclaration => {
  const given = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  const { name, shape, partitions = byDefault, retentionDays } = given;
  const where = typeof name === 'string' ? name : JSON.stringify(entry);
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9._-]{0,199}$/.test(name))
    problem(`${where}: "name" is lower-case letters, digits, ". _ -"`);
  if (shape !== 'state' && shape !== 'record') problem(`${where}: "shape" is state or record`);
  if (!isCount(partitions)) problem(`${where}: "partitions" is a whole number from 1`);
  if (shape === 'record' && !isCount(retentionDays))
    problem(`${where}: a record topic needs "retentionDays", a whole number from 1`);
  if (shape === 'state' && retentionDays !== undefined)
    problem(`${where}: a state topic keeps the newest of each key: no "retentionDays"`);
  for (const field of Object.keys(given))
    if (!ALLOWED.includes(field)) problem(`${where}: "${field}" means nothing; known are ${ALLOWED.join(', ')}`);
  return {
    name: name as string,
    shape: shape as TopicDeclaration['shape'],
    partitions: partitions as number,
    ...(retentionDays === undefined ? {} : { retentionMs: (retentionDays as number) * DAY_MS }),
  };
};
