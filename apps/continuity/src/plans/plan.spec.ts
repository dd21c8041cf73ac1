import { instantOf } from '@underpin/kernel/time/instant';
import { approve, type Approval, type Plan, type PlanContent } from './plan';

const monday = instantOf('2026-03-02T09:00:00Z');
const tuesday = instantOf('2026-03-03T09:00:00Z');

const content: PlanContent = {
  name: 'Recovery of payroll',
  services: ['payroll'],
  rto: 'PT4H',
  rpo: 'PT1H',
  option: 'intermediate',
  owner: null,
};
const told = (more: Partial<Approval> = {}): Approval => ({ content, retired: false, approvedAt: null, ...more });
const unheardOf: Plan = { slug: 'payroll-recovery', approved: null };
const approved = approve(unheardOf, told(), monday).state;

it('is approved now, unless it is said when', () => {
  expect(approve(unheardOf, told(), monday)).toMatchObject({
    state: { approved: { status: 'approved', approvedAt: monday } },
    facts: [{ type: 'approved', at: monday }],
  });
  expect(approve(unheardOf, told({ approvedAt: monday }), tuesday).facts).toEqual([{ type: 'approved', at: monday }]);
});

it('keeps the time of its approval when it is told again with the same content', () =>
  expect(approve(approved, told(), tuesday)).toEqual({ state: approved, facts: [] }));

it('is approved anew with another content', () =>
  expect(approve(approved, told({ content: { ...content, rto: 'PT2H' } }), tuesday)).toMatchObject({
    state: { approved: { rto: 'PT2H', approvedAt: tuesday } },
    facts: [{ type: 'approved', at: tuesday }],
  }));

it('is retired with the approval that it had, and may be approved again', () => {
  const retired = approve(approved, told({ retired: true }), tuesday);
  expect(retired).toMatchObject({
    state: { approved: { status: 'retired', approvedAt: monday } },
    facts: [{ type: 'retired', at: tuesday }],
  });
  expect(approve(retired.state, told({ retired: true }), tuesday).facts).toEqual([]);
  expect(approve(retired.state, told({ approvedAt: tuesday }), tuesday).facts).toEqual([
    { type: 'approved', at: tuesday },
  ]);
});

it.each([
  ['an objective of nothing', { content: { ...content, rto: 'PT0M' } }, 'plan.objective-not-positive'],
  ['an objective of no days', { content: { ...content, rpo: 'P0DT0H' } }, 'plan.objective-not-positive'],
  ['an objective of more than a year', { content: { ...content, rto: 'P367D' } }, 'plan.objective-too-long'],
  ['an approval that has not been given yet', { approvedAt: tuesday }, 'plan.approved-in-the-future'],
])('refuses %s', (_, wrong, code) =>
  expect(() => approve(unheardOf, told(wrong), monday)).toThrow(expect.objectContaining({ code })),
);
