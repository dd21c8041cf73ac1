import { createHash } from 'node:crypto';
import { canonicalJson } from '@underpin/kernel/canonical-json';
import type { RemedyTier } from '../agreements/remedy';
import type { Target, Term } from '../agreements/term';

/** All that decides how a figure is judged. Agreements that promise the same of one measure share it, and its verdict. */
export interface Criteria {
  readonly targets: readonly Target[];
  /** From the highest bound downwards; empty: no remedy. */
  readonly tiers: readonly RemedyTier[];
}

export const criteriaOf = ({ targets, remedy }: Pick<Term, 'targets' | 'remedy'>): Criteria => ({
  targets,
  tiers: remedy?.tiers ?? [],
});

/** Equal criteria have equal ids: SHA-256 (hex) of their canonical JSON. */
export const criteriaId = (criteria: Criteria): string =>
  createHash('sha256').update(canonicalJson(criteria)).digest('hex');
