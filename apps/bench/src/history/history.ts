import type { Part, Terms } from '../finding';

export const history = async (_terms: Terms): Promise<Part> => ({ name: 'history', title: 'history', how: [], findings: [], where: [] });
