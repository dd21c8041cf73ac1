import { clock } from './clock.mjs';
import { layers } from './layers.mjs';
import { ownProject } from './own-project.mjs';

/** The rules of the house that no published plugin knows; apps/acceptance/src/conformance/boundaries.spec.ts proves each. */
export const underpin = {
  meta: { name: 'underpin' },
  rules: { clock, layers, 'own-project': ownProject },
};
