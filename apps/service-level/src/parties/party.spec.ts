import { DomainError } from '@underpin/kernel/errors';
import { register, type PartyDescription } from './party';

const acme: PartyDescription = { kind: 'customer', name: 'Acme', currency: 'EUR', zone: 'Europe/Berlin', contacts: [] };
const unknown = { slug: 'acme', description: null };
const known = { slug: 'acme', description: acme };

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as DomainError).code;
  }
  return 'nothing was refused';
};

describe('a party', () => {
  it('is registered, and described anew', () => {
    expect(register(unknown, acme, [], 1).facts).toEqual([{ type: 'registered', at: 1 }]);
    expect(register(known, acme, [], 2).facts).toEqual([]);
    expect(register(known, { ...acme, name: 'Acme Inc.' }, ['sla'], 2).facts).toEqual([{ type: 'changed', at: 2 }]);
  });

  it('keeps its kind while agreements name it', () => {
    expect(register(known, { ...acme, kind: 'supplier' }, [], 2).facts).toHaveLength(1);
    expect(codeOf(() => register(known, { ...acme, kind: 'supplier' }, ['sla'], 2))).toBe('party.kind-fixed');
  });

  it.each([
    ['a currency that is none', { currency: 'EURO' }, 'currency.unknown'],
    ['a zone that is none', { zone: 'Mars/Olympus' }, 'zone.unknown'],
  ])('refuses %s', (_what, but, code) =>
    expect(codeOf(() => register(unknown, { ...acme, ...but }, [], 1))).toBe(code),
  );
});
