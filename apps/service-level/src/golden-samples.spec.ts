import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figures } from '@underpin/contracts/availability/figure.v1';
import { parsePayload, typeOf } from '@underpin/contracts/subject';
import { iso } from '@underpin/kernel/time/instant';
import type { Fact, Publication } from '@underpin/platform/persistence/subject-table';
import { agree, contentOf, draft, undrafted } from './agreements/agreement';
import { agreementPublication } from './agreements/agreements.publications';
import { proposal } from './agreements/proposals.fixtures';
import { judge, unopened } from './attainments/attainment';
import { attainmentPublication } from './attainments/attainments.publications';
import { criteriaOf } from './attainments/criteria';
import { describeService, unregistered } from './catalogue/service';
import { servicePublication } from './catalogue/services.publications';
import { figureOf } from './heard/figures.table';
import { register } from './parties/party';
import { partyPublication } from './parties/parties.publications';

const at = (text: string): number => Date.parse(text);
const SAID = at('2026-10-01T08:00:00.000Z');
const RECORDED = at('2026-10-13T14:50:02.113Z');

interface Sample {
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: Record<string, unknown>;
}

const sampleOf = (name: string): Sample =>
  partsOf(
    JSON.parse(readFileSync(join(__dirname, `../../../libs/contracts/src/${name}.v1.sample.json`), 'utf8')) as Sample,
  );

const partsOf = ({ type, subject, time, data }: Sample): Sample => ({ type, subject, time, data });

/** What a decision tells the world, in the words of the sample. */
const toldBy = <S, F extends Fact, P>(
  publication: Publication<S, F, P>,
  { state, facts }: { state: S; facts: readonly F[] },
): Sample => {
  const telling = publication.telling(facts, state);
  const data = publication.snapshot(state, { version: 3, recordedAt: RECORDED });
  const { subject } = publication;
  return {
    type: typeOf(subject, telling?.reason ?? ''),
    subject: subject.key(data),
    time: iso(telling?.time ?? 0),
    data: JSON.parse(JSON.stringify(data)) as Record<string, unknown>,
  };
};

const SLA = contentOf(
  proposal({ effective: { from: at('2026-10-01T00:00:00+02:00'), to: null }, underpinnedBy: ['uc-hoster-payroll'] }),
);

describe('what is told is word for word the golden sample of its contract', () => {
  it('services', () => {
    const described = describeService(
      unregistered('payroll'),
      {
        name: 'Payroll',
        owner: 'Jana Roth',
        criticality: 'high',
        vitalBusinessFunctions: ['Pay salaries'],
        users: 1200,
        dependsOn: ['identity'],
        liveSince: at('2026-01-01T00:00:00.000Z'),
      },
      SAID,
    );
    // In the world it is live since its liveSince, whenever that was told.
    const time = '2026-01-01T00:00:00.000Z';
    expect(toldBy(servicePublication, described)).toEqual({ ...sampleOf('service-level/service'), time });
  });

  it('parties', () => {
    const registered = register(
      { slug: 'acme', description: null },
      {
        kind: 'customer',
        name: 'Acme GmbH',
        currency: 'EUR',
        zone: 'Europe/Berlin',
        contacts: [{ name: 'Mia Kurz', email: 'mia@acme.example' }],
      },
      [],
      SAID,
    );
    expect(toldBy(partyPublication, registered)).toEqual(sampleOf('service-level/party'));
  });

  it('agreements', () => {
    const agreed = agree(draft(undrafted('sla-acme-payroll'), SLA, SAID - 1).state, SAID);
    expect(toldBy(agreementPublication, agreed)).toEqual(sampleOf('service-level/agreement'));
  });

  it('attainments, judged by the golden sample of a figure', () => {
    const told = parsePayload(figures, sampleOf('availability/figure').data);
    const figure = { ...figureOf(told), downBpMs: 26_820_010_000n };
    const clause = {
      agreement: 'sla-acme-payroll',
      kind: 'SLA',
      service: 'payroll',
      provider: null,
      recipient: 'acme',
      term: 1,
    } as const;
    const each = { clause, criteria: criteriaOf(SLA.terms[0]!), figure };
    const opened = judge(
      unopened({ agreement: clause.agreement, from: figure.from }),
      each,
      at('2026-10-13T14:00:05Z'),
    );
    const missed = judge(opened.state, each, at('2026-10-13T14:44:42.255Z'));
    expect(toldBy(attainmentPublication, missed)).toEqual(sampleOf('service-level/attainment'));
  });
});
