import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from '../canonical-json';
import { MeasureDefinition, measureId, normalMeasure } from './measure-id';
import { DEFAULT_GRACE, DEFAULT_POLICY } from './policy';

const payroll: MeasureDefinition = {
  service: 'payroll',
  counted: 'any',
  calendar: { zone: 'Europe/Berlin', weekly: { 1: [{ from: '08:00', to: '18:00' }] } },
  policy: DEFAULT_POLICY,
  reportingPeriod: 'month',
  grace: DEFAULT_GRACE,
};

describe('the identity of a measure', () => {
  it('is the SHA-256 of its canonical JSON: this one never changes', () => {
    const json =
      '{"calendar":{"weekly":{"1":[{"from":"08:00","to":"18:00"}]},"zone":"Europe/Berlin"},"counted":"any","grace":"P7D","policy":{},"reportingPeriod":"month","service":"payroll"}';
    expect(canonicalJson(normalMeasure(payroll))).toBe(json);
    expect(measureId(payroll)).toBe(createHash('sha256').update(json).digest('hex'));
  });

  it('does not depend on how the definition was written down', () =>
    expect(
      measureId({
        grace: 'P7D',
        reportingPeriod: 'month',
        policy: { ...DEFAULT_POLICY, excludedCauses: [] },
        calendar: {
          weekly: { 2: [], 1: [{ to: '18:00', from: '08:00' }] },
          holidays: [],
          exceptions: {},
          zone: 'Europe/Berlin',
        },
        counted: 'any',
        service: 'payroll',
        component: undefined,
      }),
    ).toBe(measureId(payroll)));

  it.each<[string, Partial<MeasureDefinition>]>([
    ['the service', { service: 'mail' }],
    ['a component of that name', { component: 'payroll', service: undefined }],
    ['who is counted', { counted: { only: 'hoster' } }],
    ['the zone', { calendar: { ...payroll.calendar, zone: 'Europe/Paris' } }],
    ['the hours', { calendar: { zone: 'Europe/Berlin', weekly: '24x7' } }],
    ['a holiday', { calendar: { ...payroll.calendar, holidays: ['2026-10-03'] } }],
    ['the policy', { policy: { ...DEFAULT_POLICY, rejoin: 'PT5M' } }],
    ['what is excluded', { policy: { ...DEFAULT_POLICY, excludedCauses: ['customer'] } }],
    ['the reporting period', { reportingPeriod: 'quarter' }],
    ['the grace', { grace: 'P14D' }],
  ])('changes with %s', (_, change) =>
    expect(measureId({ ...payroll, ...change } as MeasureDefinition)).not.toBe(measureId(payroll)),
  );

  it('does not depend on the order of exclusions', () => {
    const excluding = (excludedCauses: string[]) =>
      measureId({ ...payroll, policy: { ...DEFAULT_POLICY, excludedCauses } });
    expect(excluding(['weather', 'customer'])).toBe(excluding(['customer', 'weather', 'customer']));
  });
});

describe('canonical JSON', () => {
  it('writes the example of RFC 8785, section 3.2.2 to 3.2.3', () =>
    expect(
      canonicalJson({
        numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ));

  it('sorts names by UTF-16 code units, as RFC 8785, section 3.2.3 does', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const json = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])));
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    expect(json).toBe(`{${sorted.map((name) => `${JSON.stringify(name)}:0`).join(',')}}`);
  });

  it('is JSON of the same value', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    ));

  it.each([[NaN], [Infinity], [10n], ['\ud800'], [undefined], [[undefined]]])('cannot say %p', (value) =>
    expect(() => canonicalJson(value)).toThrow(TypeError),
  );
});
