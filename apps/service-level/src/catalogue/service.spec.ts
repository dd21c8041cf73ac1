import { DomainError } from '@underpin/kernel/errors';
import {
  describeService,
  promise,
  retire,
  statusOf,
  unregistered,
  type Service,
  type ServiceDescription,
} from './service';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-10-01T00:00:00Z');
const LIVE = at('2026-01-01T00:00:00Z');

const description = (but: Partial<ServiceDescription> = {}): ServiceDescription => ({
  name: 'Payroll',
  owner: null,
  criticality: 'high',
  vitalBusinessFunctions: [],
  users: null,
  dependsOn: [],
  liveSince: LIVE,
  ...but,
});

const registered = (but: Partial<ServiceDescription> = {}): Service =>
  describeService(unregistered('payroll'), description(but), NOW).state;
const promised = (): Service => promise(registered(), NOW).state;

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as DomainError).code;
  }
  return 'nothing was refused';
};

describe('a service of the catalogue', () => {
  it('is proposed until it has a liveSince, and live from then on', () => {
    const proposed = describeService(unregistered('payroll'), description({ liveSince: null }), NOW);
    expect(proposed.facts).toEqual([{ type: 'proposed', at: NOW }]);
    expect(statusOf(proposed.state)).toBe('proposed');
    const live = describeService(proposed.state, description(), NOW + 1);
    expect(live.facts).toEqual([{ type: 'live', at: NOW + 1 }]);
    expect(statusOf(live.state)).toBe('live');
  });

  it('changes nothing when it is described in the same words', () => {
    expect(describeService(registered(), description(), NOW + 1).facts).toEqual([]);
    expect(describeService(registered(), description({ name: 'Pay' }), NOW + 1).facts).toEqual([
      { type: 'changed', at: NOW + 1 },
    ]);
  });

  it('may correct its liveSince until something is promised of it', () => {
    expect(describeService(registered(), description({ liveSince: LIVE + 1 }), NOW).facts).toHaveLength(1);
    expect(codeOf(() => describeService(promised(), description({ liveSince: LIVE + 1 }), NOW))).toBe(
      'service.live-since-frozen',
    );
    expect(codeOf(() => describeService(promised(), description({ liveSince: null }), NOW))).toBe(
      'service.live-since-frozen',
    );
    expect(describeService(promised(), description({ name: 'Pay' }), NOW).facts).toHaveLength(1);
  });

  it.each([
    ['it is not live', () => promise(registered({ liveSince: null }), NOW), 'service.not-live'],
    ['it is retired', () => promise(retire(registered(), [], NOW).state, NOW), 'service.retired'],
  ])('cannot be promised while %s', (_why, act, code) => expect(codeOf(act)).toBe(code));

  it('is promised once', () => {
    expect(promise(registered(), NOW).facts).toEqual([{ type: 'promised', at: NOW }]);
    expect(promise(promised(), NOW + 1).facts).toEqual([]);
  });

  it('is retired for good, when nothing is promised of it any more', () => {
    expect(codeOf(() => retire(promised(), ['payroll-sla'], NOW))).toBe('service.still-promised');
    const retired = retire(promised(), [], NOW);
    expect(statusOf(retired.state)).toBe('retired');
    expect(retire(retired.state, [], NOW + 1).facts).toEqual([]);
    expect(codeOf(() => retire(unregistered('x'), [], NOW))).toBe('service.unknown');
  });

  it.each([
    ['a liveSince before 2000', { liveSince: at('1999-01-01T00:00:00Z') }, 'service.date-implausible'],
    ['a liveSince after 2200', { liveSince: at('2300-01-01T00:00:00Z') }, 'service.date-implausible'],
    ['itself under what it depends on', { dependsOn: ['payroll'] }, 'service.depends-on-itself'],
  ])('refuses %s', (_what, but, code) => expect(codeOf(() => registered(but))).toBe(code));
});
