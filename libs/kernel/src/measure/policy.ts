/**
 * How outages are counted: part of each term of an agreement, carried by each result. A field names a rule of the
 * contract, its first value is the default.
 */
export interface MeasuringPolicy {
  /** Time in which no source watched. `removed` shrinks the agreed time and with it the budget. */
  readonly unknown: 'removed' | 'up' | 'down';
  /** Approved maintenance windows inside the agreed time. */
  readonly maintenance: 'removed' | 'up' | 'down';
  /** A window is recognised only if it was announced this long before its start (ISO 8601 duration). */
  readonly maintenanceNotice: string;
  /** Whether an outage may become maintenance afterwards. */
  readonly reclassification: 'never' | 'by-waiver';
  /** Outages of these causes do not count; another that overlaps one still does. */
  readonly excludedCauses: readonly string[];
  /** Outages that these parties are responsible for do not count. */
  readonly excludedParties: readonly string[];
  /** Whether the time of a continuity invocation counts. */
  readonly disaster: 'not-excluded' | 'excluded-while-invoked';
  /** What the weight of a partial outage is. */
  readonly partial: 'share-of-users' | 'severity-table';
  /** Outages below this weight, in basis points, do not count: each before they are combined. */
  readonly minimumWeightBp: number;
  /** Outages shorter than this on the wall clock, before clipping, do not count (ISO 8601 duration, exact). */
  readonly minimumLength: string;
  /** Whole minutes: each episode is cut off to full minutes. */
  readonly granularity: 'ms' | 'whole-minutes';
  /** From which phase an outage counts, up to `restored`. A missing phase is replaced by the next earlier known one. */
  readonly clockStart: 'occurred' | 'detected' | 'reported';
  /** Downtime stretches at most this far apart are one episode (ISO 8601 duration, exact). */
  readonly rejoin: string;
  /** In which periods an episode across a boundary is counted as a failure. Its downtime counts where it lies. */
  readonly acrossBoundary: 'in-the-period-of-its-start' | 'in-each-period';
}

export const DEFAULT_POLICY: MeasuringPolicy = {
  unknown: 'removed',
  maintenance: 'removed',
  maintenanceNotice: 'P3D',
  reclassification: 'never',
  excludedCauses: [],
  excludedParties: [],
  disaster: 'not-excluded',
  partial: 'share-of-users',
  minimumWeightBp: 0,
  minimumLength: 'PT0S',
  granularity: 'ms',
  clockStart: 'occurred',
  rejoin: 'PT0S',
  acrossBoundary: 'in-the-period-of-its-start',
};

export const DEFAULT_GRACE = 'P7D';
