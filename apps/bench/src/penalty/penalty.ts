import type { Part, Terms } from '../finding';

export const penalty = async (_terms: Terms): Promise<Part> => ({ name: 'penalty', title: 'penalty', how: [], findings: [], where: [] });
