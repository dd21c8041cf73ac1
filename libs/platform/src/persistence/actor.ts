/** Through which opening a change came in. */
export type Door = 'rest' | 'event' | 'timer' | 'worker' | 'start';

/** Who does what, and in answer to what: goes into every audit row and every event of the transaction. */
export interface Actor {
  /** Id of the API key, or the name of the service for what it does by itself. */
  readonly who: string;
  readonly door: Door;
  /** The use case, as `OutageRecording.hear`. */
  readonly useCase: string;
  readonly correlationId: string;
  /** Id of the event that led to this. */
  readonly causationId?: string;
}
