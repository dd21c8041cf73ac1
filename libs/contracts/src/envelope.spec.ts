import { fromWire, rowVersionOf, subjectVersion } from './envelope';
import { outages } from './availability/outage.v1';
import { outageReports } from './intake/outage-reported.v1';
import { parsePayload, reasonOf } from './subject';

const headers = {
  ce_specversion: '1.0',
  ce_id: '1',
  ce_type: 'underpin.availability.outage-restored.v1',
  ce_source: '/underpin/availability',
  ce_subject: 'a',
  ce_time: '2026-10-13T14:50:00.000Z',
};
const read =
  (value: string | Uint8Array | null, more: Record<string, string> = {}) =>
  () =>
    fromWire({
      key: Buffer.from('a'),
      headers: { ...headers, ...more },
      value: typeof value === 'string' ? Buffer.from(value) : value,
    });

describe('An event as it is read', () => {
  it.each([
    ['no value at all', null, {}, 'event.empty'],
    ['bytes that are not UTF-8', new Uint8Array([0xff, 0xfe, 0x00]), {}, 'event.not-utf8'],
    ['text that is not JSON', '<outage/>', {}, 'event.not-json'],
    ['another version of CloudEvents', '{}', { ce_specversion: '0.3' }, 'event.specversion'],
    ['a type left out', '{}', { ce_type: '' }, 'event.attribute-missing'],
    ['a time that is none', '{}', { ce_time: 'yesterday' }, 'event.time'],
    ['a version that is none', '{}', { ce_subjectversion: '-1' }, 'event.version'],
    ['a version that no column can hold', '{}', { ce_subjectversion: '9223372036854775808' }, 'event.version'],
    ['a list in structured mode', '[]', { 'content-type': 'application/cloudevents+json' }, 'event.malformed'],
    [
      'a number as an attribute',
      '{"specversion":1}',
      { 'content-type': 'application/cloudevents+json' },
      'event.malformed',
    ],
  ])('is refused with its reason: %s', (_what, value, more, code) => {
    expect(read(value, more as Record<string, string>)).toThrow(expect.objectContaining({ code }));
  });

  it('takes its subject from the record where the attribute is left out', () => {
    expect(
      fromWire({
        key: Buffer.from('payroll'),
        headers: { ...headers, ce_subject: undefined as never },
        value: Buffer.from('{}'),
      }).subject,
    ).toBe('payroll');
  });
});

describe('The version of a subject', () => {
  it('counts on in a new epoch, so that a restored owner is never stale', () => {
    expect(subjectVersion(1, 1)).toBeGreaterThan(subjectVersion(0, 4_294_967_295));
    expect(rowVersionOf(subjectVersion(12, 34))).toBe(34);
  });
});

describe('The type of an event', () => {
  it.each([
    ['underpin.availability.outage-restored.v1', { reason: 'outage-restored' }],
    ['underpin.availability.outage-restored.v2', { unknown: 'version' }],
    ['underpin.availability.outage-exploded.v1', { unknown: 'type' }],
    ['underpin.service-level.outage-restored.v1', { unknown: 'type' }],
    ['outage-restored', { unknown: 'type' }],
  ])('%s', (type, expected) => expect(reasonOf(outages, type)).toEqual(expected));
});

describe('The data of an event', () => {
  it.each([
    [{ source: 'monitoring' }, /externalId/],
    [{ source: 'Monitoring!', externalId: 'x' }, /source must be a slug/],
    [{ source: 'm', externalId: 'x', weight: '10000' }, /weight/],
    [{ source: 'm', externalId: 'x', weight: 10_001 }, /weight/],
    [{ source: 'm', externalId: 'x', occurredAt: '1e309' }, /occurredAt must be an instant/],
    [{ source: 'm', externalId: 'x', occurredAt: '9999-12-31T00:00:00Z' }, /occurredAt/],
    [{ source: 'm', externalId: 'x', withdrawn: 'yes' }, /withdrawn/],
  ])('%j is refused with the field that is wrong', (data, message) =>
    expect(() => parsePayload(outageReports, data)).toThrow(message),
  );

  it.each([null, 'text', [], 1e308])('%j is no object', (data) =>
    expect(() => parsePayload(outageReports, data)).toThrow(/JSON object/),
  );

  it('leaves out what this version does not know: its sender is newer', () => {
    expect(parsePayload(outageReports, { source: 'm', externalId: 'x', mood: 'bad' })).toEqual({
      source: 'm',
      externalId: 'x',
    });
  });
});
