import { instantOf } from '@underpin/kernel/time/instant';
import type { Price } from '../prices/price';
import type { Place } from './obligation';
import type { Attained, Clause } from './owed';

/** Customer acme, service payroll, October 2026 by the clocks of Berlin: the worked example of the design. */
export const october: Attained = {
  id: 'sla-acme-payroll/2026-09-30T22:00:00.000Z',
  agreement: 'sla-acme-payroll',
  service: 'payroll',
  direction: 'credit',
  party: 'acme',
  from: instantOf('2026-09-30T22:00:00.000Z'),
  to: instantOf('2026-10-31T23:00:00.000Z'),
  zone: 'Europe/Berlin',
  term: 1,
  revision: 1,
  closed: false,
  targets: [{ key: 'availability', credit: null }],
};

/** The same, with the percent that each target's tier gives. */
export const reached = (...credits: (string | null)[]): Attained => ({
  ...october,
  targets: credits.map((credit, i) => ({ key: `target-${i + 1}`, credit })),
});

export const clause: Clause = { combine: 'highest', cap: '50', claimBy: null };

export const monthly: Price = {
  service: 'payroll',
  party: 'acme',
  currency: 'EUR',
  zone: 'Europe/Berlin',
  rates: [{ from: '2026-01-01', to: null, amountMinor: 1_000_000n, per: 'month' }],
};

export const place: Place = {
  at: instantOf('2026-10-13T14:13:12.001Z'),
  accountingPeriod: '2026-10',
  accrualId: 'accrual',
  settlementId: 'settlement',
  documentId: 'note',
};
