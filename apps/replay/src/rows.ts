import type { Settled } from './settling';

/** A line of the JSON that a replay writes. Times in ms. */
export interface Row {
  /** The name in the file. */
  readonly service: string;
  /** "2024-Q1", "2024-03" */
  readonly period: string;
  readonly agreedMs: number;
  readonly downtimeMs: number;
  /** Those that began in the period. */
  readonly outages: number;
  readonly met: boolean;
  /** What the remedy says, as a number: 10, or 12.5; 0 where nothing is credited. */
  readonly creditPercent: number;
}

/** What of a row only people read. */
export interface Remark {
  /** Not over yet: figures so far. */
  readonly open: boolean;
  /** "100.00 EUR"; null: nothing is owed. */
  readonly credit: string | null;
  /** Closed, and a later fact says something else. */
  readonly restatementPending: boolean;
}

export const rowOf = (service: string, { period, figure, attainment, obligation }: Settled): Row & Remark => ({
  service,
  period: period.label,
  agreedMs: figure.agreedMs,
  downtimeMs: figure.downMs,
  outages: figure.outages,
  met: attainment.state !== 'missed',
  creditPercent: Number(attainment.creditPercent),
  open: attainment.status !== 'closed',
  credit:
    obligation !== undefined && Number(obligation.amount) !== 0 ? `${obligation.amount} ${obligation.currency}` : null,
  restatementPending: figure.restatementPending,
});

/** The rows as JSON, one a line. */
export const jsonOf = (rows: readonly Row[]): string => {
  const lines = rows.map(({ service, period, agreedMs, downtimeMs, outages, met, creditPercent }) =>
    JSON.stringify({ service, period, agreedMs, downtimeMs, outages, met, creditPercent }),
  );
  return lines.length === 0 ? '[]\n' : `[\n  ${lines.join(',\n  ')}\n]\n`;
};
