/* What the public doors answer, as far as the player reads it. Instants are UTC ISO text. */

/** GET availability/figures */
export interface FigureOnTheWire {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly agreedMs: number;
  /** Full downtime in ms: every outage that is played has full weight. */
  readonly downMs: number;
  readonly outages: number;
  readonly status: 'open' | 'closing' | 'closed';
  readonly revision: number;
  readonly restatementPending: boolean;
}

/** GET service-level/attainments */
export interface AttainmentOnTheWire {
  readonly from: string;
  readonly to: string;
  readonly status: 'open' | 'closed';
  readonly state: 'measuring' | 'met' | 'at-risk' | 'missed' | 'not-measured';
  readonly creditPercent: string;
  readonly figure: { readonly id: string };
}

/** GET financial/obligations */
export interface ObligationOnTheWire {
  readonly from: string;
  readonly status: 'accrued' | 'settled' | 'none' | 'waiting';
  readonly waitingFor?: unknown;
  readonly currency: string;
  readonly amount: string;
}
