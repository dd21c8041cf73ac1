import { instantOf } from '@underpin/kernel/time/instant';
import { register, type Resource, type ResourceDescription } from './resource';

const now = instantOf('2026-03-02T09:00:00Z');

const memory: ResourceDescription = {
  name: 'Memory of the payroll database',
  kind: 'memory',
  status: 'in-use',
  service: 'payroll',
  supplier: null,
  unit: 'GiB',
  capacity: '256',
};
const unheardOf: Resource = { slug: 'payroll-db-memory', description: null };
const inUse = register(unheardOf, memory, now).state;
const retired = register(inUse, { ...memory, status: 'retired' }, now).state;

it.each<[string, Resource, Partial<ResourceDescription>, string[]]>([
  ['is registered', unheardOf, {}, ['registered']],
  ['is the same when it is described the same', inUse, {}, []],
  ['is changed by another description', inUse, { capacity: '512.5' }, ['changed']],
  ['is retired', inUse, { status: 'retired' }, ['retired']],
  ['is retired once', retired, { status: 'retired' }, []],
  ['may still be described better when it is retired', retired, { status: 'retired', name: 'Old memory' }, ['changed']],
  ['comes back', retired, {}, ['registered']],
])('%s', (_, before, said, facts) =>
  expect(register(before, { ...memory, ...said }, now).facts).toEqual(facts.map((type) => ({ type, at: now }))),
);

it.each(['0', '0.000000'])('has more than nothing of it: %s', (capacity) =>
  expect(() => register(unheardOf, { ...memory, capacity }, now)).toThrow(
    expect.objectContaining({ code: 'resource.capacity-not-positive' }),
  ),
);
