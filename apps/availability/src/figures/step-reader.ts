import type { WeightStep } from '@underpin/kernel/measure/weight-steps';
import type { Instant } from '@underpin/kernel/time/instant';

/**
 * Reads the downtime steps of a period in portions, from an instant on or back from it. A portion may begin with steps beyond the
 * instant: they are clipped. The walk stops reading as soon as it has found what it looks for.
 */
export interface StepReader {
  forward(from: Instant): AsyncIterable<readonly WeightStep[]>;
  backward(to: Instant): AsyncIterable<readonly WeightStep[]>;
}
