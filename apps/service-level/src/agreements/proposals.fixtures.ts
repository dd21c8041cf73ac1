import type { Proposal } from './proposal';

const instant = (text: string): number => Date.parse(text);

/** An SLA for payroll, 99.9 % a month in Berlin, credited in two tiers; `but` says what is different. */
export const proposal = (but: Partial<Proposal> = {}): Proposal => ({
  kind: 'SLA',
  service: 'payroll',
  customer: 'acme',
  supplier: null,
  provider: null,
  effective: { from: instant('2026-01-01T00:00:00Z'), to: null },
  zone: 'Europe/Berlin',
  serviceHours: '24x7',
  reportingPeriod: 'month',
  grace: 'P7D',
  availability: '99.9',
  remedy: {
    tiers: [
      { below: '99.9', credit: '10' },
      { below: '99.0', credit: '25' },
    ],
    cap: '50',
  },
  underpinnedBy: [],
  ...but,
});

/** A UC with the hoster for the same service. */
export const underpinning = (but: Partial<Proposal> = {}): Proposal =>
  proposal({ kind: 'UC', customer: null, supplier: 'hoster', availability: '99.95', remedy: null, ...but });

/** Such an SLA, as the REST door takes it. */
export const SLA = {
  kind: 'SLA',
  service: 'payroll',
  customer: 'acme',
  effective: { from: '2022-01-01T00:00:00+01:00' },
  zone: 'Europe/Berlin',
  reportingPeriod: 'month',
  target: { availability: '99.9' },
  remedy: {
    tiers: [
      { below: '99.9', percent: '10' },
      { below: '99.0', percent: '25' },
    ],
    cap: '20',
  },
};
