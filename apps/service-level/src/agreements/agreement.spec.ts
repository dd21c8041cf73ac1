import { DomainError } from '@underpin/kernel/errors';
import { measureId } from '@underpin/kernel/measure/measure-id';
import { DEFAULT_POLICY } from '@underpin/kernel/measure/policy';
import { agree, contentOf, draft, progress, undrafted, type Agreement } from './agreement';
import type { Proposal } from './proposal';
import { proposal, underpinning } from './proposals.fixtures';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-10-01T00:00:00Z');

const termOf = (asked: Proposal) => contentOf(asked).terms[0]!;

const refusal = (act: () => unknown): { code: string; message: string } => {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('the content of an agreement', () => {
  it('says everything in full, so that nobody has to look anything up', () => {
    expect(termOf(proposal())).toEqual({
      number: 1,
      effective: { from: at('2026-01-01T00:00:00Z'), to: null },
      calendar: { zone: 'Europe/Berlin', weekly: '24x7' },
      reportingPeriod: 'month',
      policy: DEFAULT_POLICY,
      countedParty: null,
      grace: 'P7D',
      restatementWindow: 'P12M',
      measureId: expect.stringMatching(/^[0-9a-f]{64}$/),
      allowances: [
        { key: 'availability:1/1000:>', kind: 'availability', num: 1, den: 1000, bound: '>' },
        { key: 'availability:1/100:>', kind: 'availability', num: 1, den: 100, bound: '>' },
        { key: 'availability:3/4000:>', kind: 'availability', num: 3, den: 4000, bound: '>' },
      ],
      targets: [
        {
          key: 'availability',
          kind: 'availability',
          required: '99.9',
          allowance: 'availability:1/1000:>',
          atRisk: 'availability:3/4000:>',
        },
      ],
      remedy: {
        tiers: [
          { below: '99.9', inclusive: false, credit: '10', allowance: 'availability:1/1000:>' },
          { below: '99.0', inclusive: false, credit: '25', allowance: 'availability:1/100:>' },
        ],
        base: 'period-fee',
        cap: '50',
        combine: 'highest',
        claimBy: null,
        clawback: 'on-approval',
      },
    });
  });

  it('is measured like every other agreement that counts the same, whatever it promises', () => {
    const strict = termOf(proposal({ availability: '100', remedy: null, customer: 'globex' }));
    expect(strict.measureId).toBe(termOf(proposal()).measureId);
    expect(strict.measureId).toBe(
      measureId({
        service: 'payroll',
        counted: 'any',
        calendar: { zone: 'Europe/Berlin', weekly: '24x7' },
        policy: DEFAULT_POLICY,
        reportingPeriod: 'month',
        grace: 'P7D',
      }),
    );
  });

  it('counts only the outages of its provider under a UC or OLA', () => {
    const uc = contentOf(underpinning());
    expect(uc).toMatchObject({ provider: 'hoster', recipient: null });
    expect(uc.terms[0]).toMatchObject({ countedParty: 'hoster' });
    expect(uc.terms[0]!.measureId).not.toBe(termOf(proposal()).measureId);
    const ola = contentOf(proposal({ kind: 'OLA', customer: null, provider: 'operations', remedy: null }));
    expect(ola).toMatchObject({ provider: 'operations', recipient: null, terms: [{ countedParty: 'operations' }] });
  });

  it('has nothing at risk where nothing is allowed: 100 % is missed by the first millisecond', () => {
    expect(termOf(proposal({ availability: '100', remedy: null }))).toMatchObject({
      allowances: [{ key: 'availability:0/1:>' }],
      targets: [{ allowance: 'availability:0/1:>', atRisk: null }],
    });
  });
});

describe('a proposal is refused with what would be right', () => {
  const tiers = (...bounds: string[]) => ({
    tiers: bounds.map((below, i) => ({ below, credit: String(10 + i) })),
    cap: null,
  });

  it.each<[string, Partial<Proposal>, string, RegExp]>([
    ['a target of 0', { availability: '0' }, 'target.out-of-range', /"99\.9"/],
    ['a target of 101', { availability: '101' }, 'target.out-of-range', /above 0 and up to 100/],
    ['a target in scientific notation', { availability: '1e309' }, 'target.malformed', /"1e309".*"99\.9"/],
    ['a target that is no number', { availability: 'high' }, 'target.malformed', /"high"/],
    ['a target with seven decimals', { availability: '99.9999999' }, 'target.too-precise', /6 decimals/],
    [
      'a gap below the target',
      { remedy: tiers('99.5', '99.0') },
      'remedy.uncredited',
      /from 99\.5 up to just below 99\.9/,
    ],
    ['a tier above the target', { remedy: tiers('99.95', '99.9') }, 'remedy.credits-what-is-met', /below 99\.95/],
    [
      'a tier that includes the target',
      { remedy: { tiers: [{ below: '99.9', inclusive: true, credit: '10' }], cap: null } },
      'remedy.credits-what-is-met',
      /at and below 99\.9/,
    ],
    ['a tier above 100', { remedy: tiers('100.1') }, 'tier.below.out-of-range', /up to 100/],
    [
      'a credit of more than the fee',
      { remedy: { tiers: [{ below: '99.9', credit: '150' }], cap: null } },
      'tier.credit.out-of-range',
      /150/,
    ],
    ['two tiers with one bound', { remedy: tiers('99.9', '99.90') }, 'tiers.bound-twice', /99\.9/],
    ['a remedy without tiers', { remedy: tiers() }, 'tiers.none', /at least one tier/],
    ['a cap of 0', { remedy: { tiers: [{ below: '99.9', credit: '10' }], cap: '0' } }, 'cap.out-of-range', /"0"/],
    ['an unknown zone', { zone: 'Europe/Bonn' }, 'zone.unknown', /Europe\/Berlin/],
    ['an offset as zone', { zone: '+02:00' }, 'zone.unknown', /IANA/],
    ['service hours other than 24x7', { serviceHours: { 1: [] } }, 'calendar.not-yet', /only "24x7"/],
    [
      'a reporting period other than month and quarter',
      { reportingPeriod: 'week' },
      'reporting-period.not-yet',
      /"week".*"month"/,
    ],
    ['an end at its start', { effective: { from: NOW, to: NOW } }, 'effective.empty', /later end, or none/],
    [
      'a start before 2000',
      { effective: { from: at('1999-12-31T23:59:59.999Z'), to: null } },
      'effective.implausible',
      /effective\.from is 1999/,
    ],
    [
      'an end after 2200',
      { effective: { from: NOW, to: at('2200-01-01T00:00:00Z') } },
      'effective.implausible',
      /effective\.to is 2200/,
    ],
    ['a grace of more than a year', { grace: 'P2Y' }, 'grace.too-long', /at most a year/],
    ['an SLA without a customer', { customer: null }, 'agreement.side-missing', /"customer"/],
    ['a UC without a supplier', { kind: 'UC', customer: null }, 'agreement.side-missing', /"supplier"/],
    ['a UC with a customer', { kind: 'UC', supplier: 'hoster' }, 'agreement.side-surplus', /leave "customer" out/],
    ['an SLA with a provider', { provider: 'operations' }, 'agreement.side-surplus', /leave "provider" out/],
  ])('%s', (_what, but, code, message) => {
    const refused = refusal(() => contentOf(proposal(but)));
    expect(refused.code).toBe(code);
    expect(refused.message).toMatch(message);
  });
});

describe('the life of an agreement', () => {
  const content = contentOf(
    proposal({ effective: { from: at('2026-11-01T00:00:00Z'), to: at('2027-01-01T00:00:00Z') } }),
  );
  const draftOf = (): Agreement => draft(undrafted('sla-1'), content, NOW).state;
  const agreed = (): Agreement => agree(draftOf(), NOW).state;

  it('can be drafted again as long as it is a draft', () => {
    expect(draft(draftOf(), content, NOW + 1).facts).toEqual([]);
    const other = contentOf(proposal({ availability: '99.5', remedy: null }));
    expect(draft(draftOf(), other, NOW + 1)).toMatchObject({
      state: { status: 'draft', content: other },
      facts: [{ type: 'redrafted' }],
    });
  });

  it('cannot be changed once it is agreed, and can be said again', () => {
    expect(draft(agreed(), content, NOW + 1).facts).toEqual([]);
    const other = contentOf(proposal({ availability: '99.5', remedy: null }));
    expect(refusal(() => draft(agreed(), other, NOW + 1)).code).toBe('agreement.already-agreed');
  });

  it('says the same in another spelling of the same numbers', () => {
    const known = agree(draft(undrafted('sla-1'), contentOf(proposal()), NOW).state, NOW).state;
    const tiers = [
      { below: '99.00', credit: '25.0' },
      { below: '99.900', credit: '10' },
    ];
    const spelt = contentOf(proposal({ availability: '99.90', remedy: { tiers, cap: '50.00' } }));
    expect(draft(known, spelt, NOW + 1).facts).toEqual([]);
  });

  it('is agreed once', () => {
    expect(agree(draftOf(), NOW).facts).toEqual([{ type: 'agreed', at: NOW }]);
    expect(agree(agreed(), NOW + 1).facts).toEqual([]);
    expect(refusal(() => agree(undrafted('sla-2'), NOW)).code).toBe('agreement.unknown');
  });

  it('comes into force and ends at the dates of its term, told step by step', () => {
    expect(progress(agreed(), at('2026-10-31T23:59:59.999Z')).facts).toEqual([]);
    const inForce = progress(agreed(), at('2027-03-01T00:00:00Z'));
    expect(inForce.facts).toEqual([{ type: 'in-force', at: at('2026-11-01T00:00:00Z') }]);
    const ended = progress(inForce.state, at('2027-03-01T00:00:00Z'));
    expect(ended).toMatchObject({
      state: { status: 'expired' },
      facts: [{ type: 'expired', at: at('2027-01-01T00:00:00Z') }],
    });
    expect(progress(ended.state, at('2027-03-01T00:00:00Z')).facts).toEqual([]);
  });

  it('that is agreed after its start is in force from the moment it was agreed', () => {
    const late = agree(draft(undrafted('sla-1'), contentOf(proposal()), NOW).state, NOW).state;
    expect(progress(late, NOW)).toMatchObject({ state: { status: 'in-force', enteredAt: NOW } });
  });
});
