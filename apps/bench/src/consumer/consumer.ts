import type { Part, Terms } from '../finding';

export const consumer = async (_terms: Terms): Promise<Part> => ({ name: 'consumer', title: 'consumer', how: [], findings: [], where: [] });
