import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { allowanceOf } from '@underpin/kernel/measure/allowance';
import { measureId } from '@underpin/kernel/measure/measure-id';
import { catalogue } from './catalogue';
import { fromWire, toBinary, type Envelope } from './envelope';
import type { AgreementV1 } from './service-level/agreement.v1';
import { parsePayload, reasonOf, typeOf } from './subject';

const folders = ['service-level', 'availability', 'capacity', 'continuity', 'financial', 'intake', 'platform'];
const files = folders.flatMap((folder) =>
  readdirSync(join(__dirname, folder))
    .filter((name) => name.endsWith('.sample.json'))
    .map((name) => `${folder}/${name}`),
);
const textOf = (file: string): string => readFileSync(join(__dirname, file), 'utf8');
const structured = (file: string): Envelope =>
  fromWire({
    key: null,
    headers: { 'content-type': 'application/cloudevents+json' },
    value: Buffer.from(textOf(file)),
  });
const subjectOf = (event: Envelope) => {
  const subject = catalogue.find((s) => 'reason' in reasonOf(s, event.type));
  if (subject === undefined) throw new Error(`${event.type} is of no subject`);
  return subject;
};

describe('The golden samples', () => {
  it('cover every contract, once each', () => {
    const topics = files.map((file) => subjectOf(structured(file)).topic);
    expect([...topics].sort()).toEqual(catalogue.map((s) => s.topic).sort());
  });

  it.each(files)('%s is accepted by its contract, and nothing of it is lost', (file) => {
    const event = structured(file);
    const subject = subjectOf(event);
    const payload = parsePayload(subject, event.data);
    expect(JSON.parse(JSON.stringify(payload))).toEqual(event.data);
    expect(subject.key(payload)).toBe(event.subject);
  });

  it.each(files)('%s is the same event in binary mode', (file) => {
    const event = structured(file);
    const { key, headers, value } = toBinary(event);
    expect(fromWire({ key: Buffer.from(key), headers, value: Buffer.from(value) })).toEqual(event);
  });

  it.each(files)('%s is refused without any one of its fields that are always there', (file) => {
    const event = structured(file);
    const subject = subjectOf(event);
    if (subject.shape === 'record') return; // an absent field of a record says nothing
    for (const field of Object.keys(event.data as object)) {
      const without = { ...(event.data as Record<string, unknown>) };
      delete without[field];
      expect(() => parsePayload(subject, without)).toThrow(new RegExp(`${field}`));
    }
  });

  it('are never changed once they are published', () => {
    const locked = JSON.parse(textOf('samples.lock.json')) as Record<string, string>;
    expect(
      Object.fromEntries(files.map((file) => [file, createHash('sha256').update(textOf(file)).digest('hex')])),
    ).toEqual(locked);
  });

  it('mean what they say: the measure of the agreement is that of its definition, its allowances those of its percentages', () => {
    const { service, terms } = structured('service-level/agreement.v1.sample.json').data as AgreementV1;
    const [term] = terms;
    if (term === undefined) throw new Error('the sample has no term');
    const { calendar, policy, reportingPeriod, grace } = term;
    expect(measureId({ service, counted: 'any', calendar, policy, reportingPeriod, grace })).toBe(term.measureId);
    expect(term.targets[0]?.allowance).toBe(allowanceOf('99.9').key);
    expect(term.remedy?.tiers.map((tier) => tier.allowance)).toEqual([allowanceOf('99.9').key, allowanceOf('99').key]);
  });
});

describe('The catalogue', () => {
  it('has every topic in the topics file, with its shape, and no other', () => {
    const { topics } = parse(readFileSync(join(__dirname, '../../../deploy/kafka/topics.yaml'), 'utf8')) as {
      topics: { name: string; shape: string }[];
    };
    expect(topics.map(({ name, shape }) => ({ name, shape }))).toEqual(
      expect.arrayContaining(catalogue.map(({ topic, shape }) => ({ name: topic, shape }))),
    );
    expect(topics).toHaveLength(catalogue.length);
  });

  it('gives every type to one subject only', () => {
    const types = catalogue.flatMap((subject) => subject.reasons.map((reason) => typeOf(subject, reason)));
    expect(new Set(types).size).toBe(types.length);
  });
});
