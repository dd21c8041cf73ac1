import { agreements } from '@underpin/contracts/service-level/agreement.v1';
import { parties } from '@underpin/contracts/service-level/party.v1';
import { services } from '@underpin/contracts/service-level/service.v1';
import { parsePayload } from '@underpin/contracts/subject';
import { Trial } from '../trial.fixtures';

const at = (text: string): number => Date.parse(text);

jest.setTimeout(30_000);

describe('agreements', () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await Trial.begin();
  });
  afterEach(() => trial.end());

  const told = async () =>
    (await trial.announced(agreements.topic)).map(({ reason, data }) => ({
      reason,
      data: parsePayload(agreements, data),
    }));
  const refused = (act: Promise<unknown>) => expect(act).rejects;

  it('are told from when they are agreed, drafts are not', async () => {
    await trial.describe('payroll');
    await trial.register('acme', 'customer');
    await trial.draft('payroll-sla');
    await trial.draft('payroll-sla', { availability: '99.9', remedy: null });
    expect(await told()).toEqual([]);
    await trial.agree('payroll-sla');
    await trial.agree('payroll-sla');
    expect((await told()).map(({ reason, data }) => [reason, data.status, data.version])).toEqual([
      ['agreement-agreed', 'agreed', 3],
      ['agreement-in-force', 'in-force', 4],
    ]);
  });

  it('come into force and end by their dates', async () => {
    await trial.withAgreement('payroll-sla', {
      effective: { from: at('2026-11-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z') },
    });
    expect(await trial.timers()).toMatchObject([
      { kind: 'agreement-step', key: 'payroll-sla', due_at: String(at('2026-11-01T00:00:00Z')) },
    ]);
    trial.clock.at = at('2026-11-01T00:00:00.250Z');
    await trial.run((tx) => trial.agreeing.progress(tx, 'payroll-sla'));
    expect(await trial.timers()).toMatchObject([{ due_at: String(at('2026-12-01T00:00:00Z')) }]);
    trial.clock.at = at('2027-01-01T00:00:00Z');
    await trial.run((tx) => trial.agreeing.progress(tx, 'payroll-sla'));
    expect(await trial.timers()).toEqual([]);
    expect((await told()).map(({ reason, data }) => [reason, data.enteredAt])).toEqual([
      ['agreement-agreed', '2026-10-01T00:00:00.000Z'],
      ['agreement-in-force', '2026-11-01T00:00:00.000Z'],
      ['agreement-expired', '2026-12-01T00:00:00.000Z'],
    ]);
  });

  it('are refused without their service or the right kind of party', async () => {
    await trial.register('acme', 'customer');
    await trial.register('hoster', 'supplier');
    await refused(trial.draft('sla')).toMatchObject({
      kind: 'invalid',
      code: 'agreement.service-unknown',
      message: expect.stringContaining('PUT /services/payroll'),
    });
    await trial.describe('payroll');
    await refused(trial.draft('sla', { customer: 'globex' })).toMatchObject({
      code: 'agreement.party-unknown',
      message: expect.stringContaining('PUT /parties/globex'),
    });
    await refused(trial.draft('sla', { customer: 'hoster' })).toMatchObject({
      code: 'agreement.party-kind',
      message: expect.stringContaining('"hoster" is a supplier'),
    });
    await refused(trial.draft('uc', { kind: 'UC', customer: null, supplier: 'acme', remedy: null })).toMatchObject({
      code: 'agreement.party-kind',
    });
    await refused(trial.draft('sla', { underpinnedBy: ['uc'] })).toMatchObject({ code: 'agreement.not-underpinning' });
    await trial.draft('uc', { kind: 'UC', customer: null, supplier: 'hoster', remedy: null });
    await trial.draft('sla', { underpinnedBy: ['uc'] });
  });

  it('are agreed only on a service that is live, and leave nothing behind otherwise', async () => {
    await trial.describe('payroll', { liveSince: null });
    await trial.register('acme', 'customer');
    await trial.draft('payroll-sla');
    await refused(trial.agree('payroll-sla')).toMatchObject({ kind: 'conflict', code: 'service.not-live' });
    await refused(trial.agree('unheard-of')).toMatchObject({ kind: 'not-found', code: 'agreement.unknown' });
    expect(await trial.fresh.query('select status from agreement')).toEqual([{ status: 'draft' }]);
    expect(await trial.fresh.query('select * from agreement_term')).toEqual([]);
  });

  it('freeze since when their service is live, and keep it in the catalogue', async () => {
    await trial.withAgreement('payroll-sla', {
      effective: { from: at('2026-01-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z') },
    });
    await refused(trial.describe('payroll', { liveSince: at('2025-06-01T00:00:00Z') })).toMatchObject({
      code: 'service.live-since-frozen',
    });
    await trial.describe('payroll', { name: 'Payroll' });
    await refused(trial.run((tx) => trial.cataloguing.retire(tx, 'payroll'))).toMatchObject({
      code: 'service.still-promised',
    });
    trial.clock.at = at('2026-12-01T00:00:00Z');
    await trial.run((tx) => trial.agreeing.progress(tx, 'payroll-sla'));
    await trial.run((tx) => trial.cataloguing.retire(tx, 'payroll'));
    await trial.draft('another-sla');
    await refused(trial.agree('another-sla')).toMatchObject({ code: 'service.retired' });
    const reasons = (await trial.announced(services.topic)).map(({ reason, data }) => [
      reason,
      parsePayload(services, data).status,
    ]);
    expect(reasons).toEqual([
      ['service-live', 'live'],
      ['service-changed', 'live'],
      ['service-retired', 'retired'],
    ]);
  });

  it('keep a party of the kind as which they name it', async () => {
    await trial.withAgreement();
    await refused(trial.register('acme', 'team')).toMatchObject({ code: 'party.kind-fixed' });
    const reasons = (await trial.announced(parties.topic)).map(({ reason, data }) => [
      reason,
      parsePayload(parties, data).kind,
    ]);
    expect(reasons).toEqual([['party-registered', 'customer']]);
  });

  it('are agreed once when two say so at the same time', async () => {
    await trial.describe('payroll');
    await trial.register('acme', 'customer');
    await trial.draft('payroll-sla');
    await Promise.all([trial.agree('payroll-sla'), trial.agree('payroll-sla'), trial.agree('payroll-sla')]);
    expect((await told()).map(({ reason }) => reason)).toEqual(['agreement-agreed', 'agreement-in-force']);
  });

  it('cannot be rewritten by the role that the service runs as', async () => {
    const grants = await trial.fresh.query<{ table_name: string; privilege_type: string }>(
      `select table_name, privilege_type from information_schema.role_table_grants where grantee = $1 and table_name = any($2) order by 1, 2`,
      [trial.fresh.appRole, ['agreement_term', 'attainment_revision', 'criteria']],
    );
    expect(grants.map((grant) => `${grant.table_name} ${grant.privilege_type}`)).toEqual(
      ['agreement_term', 'attainment_revision', 'criteria'].flatMap((table) => [`${table} INSERT`, `${table} SELECT`]),
    );
  });
});
