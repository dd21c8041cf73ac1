import { eventually } from '@underpin/testing/eventually';
import { RunningPlatform } from '../platform/running-platform';

const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const DECLARED_WITHIN_MS = 2 * SECOND;

const iso = (at: number): string => new Date(at).toISOString();

/** The month of UTC that holds an instant: [from, to). */
const monthOf = (at: number): { from: number; to: number } => {
  const day = new Date(at);
  return {
    from: Date.UTC(day.getUTCFullYear(), day.getUTCMonth()),
    to: Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1),
  };
};

/** What may be down in a month at 99.9 %: one thousandth of it. */
const budgetOf = ({ from, to }: { from: number; to: number }): number => (to - from) / 1_000;

/**
 * The flows of the trade as a manager would tell them, over HTTP and the bus alone.
 *
 * @param env what the platform's environment adds: which bus it runs on
 */
export const describeFlows = (name: string, env: () => Promise<NodeJS.ProcessEnv>): void =>
  describe(`The flows across the processes, on ${name}`, () => {
    let platform: RunningPlatform;

    beforeAll(async () => {
      platform = await RunningPlatform.start({ ...(await env()), UNDERPIN_TEST_CLOCK: '1' });
    }, 5 * MINUTE);
    afterAll(() => platform.stop(), MINUTE);

    /** A service with a customer who was promised 99.9 % a month for 10,000.00 EUR, and a supplier who promised 99.95 %. */
    const promised = async (service: string): Promise<void> => {
      const [customer, supplier] = [`customer-of-${service}`, `supplier-of-${service}`];
      const since = '2026-01-01T00:00:00Z';
      await platform.ask('PUT', `/service-level/parties/${customer}`, {
        name: customer,
        kind: 'customer',
        currency: 'EUR',
      });
      await platform.ask('PUT', `/service-level/parties/${supplier}`, {
        name: supplier,
        kind: 'supplier',
        currency: 'EUR',
      });
      await platform.ask('PUT', `/service-level/services/${service}`, { name: service, liveSince: since });
      const common = { service, effective: { from: since }, zone: 'UTC', reportingPeriod: 'month', grace: 'P7D' };
      await platform.ask('PUT', `/service-level/agreements/sla-${service}`, {
        ...common,
        kind: 'SLA',
        customer,
        target: { availability: '99.9' },
        remedy: {
          tiers: [
            { below: '99.9', percent: '10' },
            { below: '99.0', percent: '25' },
          ],
          cap: '50',
        },
      });
      await platform.ask('PUT', `/service-level/agreements/uc-${service}`, {
        ...common,
        kind: 'UC',
        supplier,
        target: { availability: '99.95' },
        remedy: { tiers: [{ below: '99.95', percent: '5' }] },
      });
      await platform.ask('POST', `/service-level/agreements/sla-${service}/agree`);
      await platform.ask('POST', `/service-level/agreements/uc-${service}/agree`);
      await platform.ask('PUT', `/financial/prices/${service}/${customer}`, {
        currency: 'EUR',
        rates: [{ from: '2026-01-01', amount: '10000.00', per: 'month' }],
      });
      await platform.ask('PUT', `/financial/prices/${service}/${supplier}`, {
        currency: 'EUR',
        rates: [{ from: '2026-01-01', amount: '4000.00', per: 'month' }],
      });
    };
    const tell = (service: string, body: object) =>
      platform.ask('PUT', `/availability/outages/monitoring/${service}`, {
        service,
        party: `supplier-of-${service}`,
        ...body,
      });
    const attainmentOf = async (agreement: string, from: number) => {
      const { attainments } = await platform.ask('GET', `/service-level/attainments?agreement=${agreement}`);
      return attainments.find((a: any) => a.from === iso(from));
    };
    const obligationOf = async (agreement: string, from: number) => {
      const { obligations } = await platform.ask('GET', `/financial/obligations?agreement=${agreement}`);
      return obligations.find((o: any) => o.from === iso(from));
    };
    const untilMeasured = (service: string, from: number) =>
      eventually(async () => expect(await attainmentOf(`sla-${service}`, from)).toMatchObject({ state: 'measuring' }), {
        withinMs: 30 * SECOND,
      });
    const balanced = async (): Promise<void> => {
      const { accounts } = await platform.ask('GET', '/financial/ledger/trial-balance');
      const sum = accounts.reduce(
        (total: bigint, { balance }: { balance: string }) => total + BigInt(balance.replace('.', '')),
        0n,
      );
      expect(sum).toBe(0n);
    };
    /** Business time as the platform has it. */
    const now = async (): Promise<number> => {
      const { status, body } = await platform.call('GET', '/service-level/health/ready');
      expect(status).toBe(200);
      return Date.now() + Number(body.clock.offsetMs);
    };
    afterEach(() => balanced());

    it(
      'declares the breach while it is still down, at the instant at which the budget is used up, without any further input',
      async () => {
        await promised('intranet');
        const month = monthOf(await now());
        await untilMeasured('intranet', month.from);
        const missedAt = (await now()) + 4 * SECOND;
        await tell('intranet', { toldAt: iso(await now()), occurredAt: iso(missedAt - budgetOf(month) - 1) });
        const attainment = await eventually(
          async () => {
            const read = await attainmentOf('sla-intranet', month.from);
            expect(read).toMatchObject({ state: 'missed', status: 'open' });
            return read;
          },
          { withinMs: 20 * SECOND },
        );
        expect(attainment.missedAt).toBe(iso(missedAt));
        const late = Date.parse(attainment.declaredAt) - missedAt;
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThanOrEqual(DECLARED_WITHIN_MS);
      },
      2 * MINUTE,
    );

    it(
      'declares it within two seconds of being ready again when the process that holds the timer was killed a second before',
      async () => {
        await promised('wiki');
        const month = monthOf(await now());
        await untilMeasured('wiki', month.from);
        const missedAt = (await now()) + 5 * SECOND;
        await tell('wiki', { toldAt: iso(await now()), occurredAt: iso(missedAt - budgetOf(month) - 1) });
        await eventually(async () => expect((await attainmentOf('sla-wiki', month.from)).downMs).toBeGreaterThan(0));
        const offset = (await now()) - Date.now();
        await eventually(() => expect(Date.now() + offset).toBeGreaterThanOrEqual(missedAt - SECOND));
        platform.kill('service-level');
        await eventually(async () => expect(await platform.isReady()).toBe(false));
        await platform.untilReady();
        const readyAt = await now();
        const attainment = await eventually(async () => {
          const read = await attainmentOf('sla-wiki', month.from);
          expect(read).toMatchObject({ state: 'missed' });
          return read;
        });
        expect(attainment.missedAt).toBe(iso(missedAt));
        expect(Date.parse(attainment.declaredAt)).toBeLessThanOrEqual(Math.max(readyAt, missedAt) + DECLARED_WITHIN_MS);
      },
      3 * MINUTE,
    );

    it(
      'turns an outage into money: a missed target, a penalty, a credit on the customer’s invoice, and a claim on the supplier',
      async () => {
        await promised('payroll');
        const month = monthOf(await now());
        await untilMeasured('payroll', month.from);

        const began = Math.max(month.from, (await now()) - 3 * 60 * MINUTE);
        const restored = began + 2 * budgetOf(month);
        await tell('payroll', { sequence: 1, occurredAt: iso(began) });
        await tell('payroll', { sequence: 2, restoredAt: iso(Math.min(restored, await now())) });
        await eventually(async () =>
          expect(await attainmentOf('sla-payroll', month.from)).toMatchObject({
            state: 'missed',
            tier: { below: '99.9' },
          }),
        );
        await eventually(async () =>
          expect(await obligationOf('sla-payroll', month.from)).toMatchObject({
            status: 'accrued',
            amount: '1000.00',
            currency: 'EUR',
          }),
        );
        await eventually(async () =>
          expect(await obligationOf('uc-payroll', month.from)).toMatchObject({
            direction: 'claim',
            status: 'eligible',
            amount: '200.00',
          }),
        );

        await platform.steer(iso(month.to + 7 * DAY + SECOND));
        await eventually(
          async () =>
            expect(await attainmentOf('sla-payroll', month.from)).toMatchObject({ state: 'missed', status: 'closed' }),
          { withinMs: 30 * SECOND },
        );
        const settled = await eventually(async () => {
          const read = await obligationOf('sla-payroll', month.from);
          expect(read).toMatchObject({ status: 'settled', amount: '1000.00' });
          return read;
        });
        const creditNote = await platform.ask('GET', `/financial/credit-notes/${settled.documentId}`);
        expect(creditNote).toMatchObject({ kind: 'credit-note', customer: 'customer-of-payroll', total: '-1000.00' });

        const [first, last] = [iso(month.from).slice(0, 10), iso(month.to).slice(0, 10)];
        const invoice = await platform.ask('POST', '/financial/invoices', {
          customer: 'customer-of-payroll',
          from: first,
          to: last,
        });
        expect(invoice.lines.map((line: any) => [line.kind, line.amount])).toEqual([
          ['fee', '10000.00'],
          ['service-credit', '-1000.00'],
        ]);
        expect(invoice.total).toBe('9000.00');

        const { journals } = await platform.ask('GET', '/financial/ledger/journals?agreement=sla-payroll');
        const revision = (await attainmentOf('sla-payroll', month.from)).revision;
        expect(journals.map((journal: any) => journal.kind)).toEqual(['accrual', 'settlement']);
        for (const { cites } of journals)
          expect(cites).toMatch(new RegExp(`^attainment/sla-payroll/${iso(month.from)}/revision/[1-${revision}]$`));
      },
      3 * MINUTE,
    );

    it(
      'records what is told after the close, shows it as restatement pending, and moves no money by it',
      async () => {
        const closed = (
          await platform.ask('GET', '/service-level/attainments?agreement=sla-payroll&status=closed')
        ).attainments.find((a: any) => a.state === 'missed');
        const before = await platform.ask('GET', '/financial/ledger/trial-balance');
        await tell('payroll', { sequence: 3, withdrawn: true });
        await eventually(async () =>
          expect(await attainmentOf('sla-payroll', Date.parse(closed.from))).toMatchObject({
            state: 'missed',
            status: 'closed',
            restatementPending: true,
          }),
        );
        await eventually(async () =>
          expect(await obligationOf('sla-payroll', Date.parse(closed.from))).toMatchObject({
            status: 'settled',
            amount: '1000.00',
            restatementPending: true,
          }),
        );
        expect((await platform.ask('GET', '/financial/ledger/trial-balance')).accounts).toEqual(before.accounts);
      },
      2 * MINUTE,
    );

    it(
      'withdraws a breach that a correction undoes, and takes the penalty back by a counter-entry',
      async () => {
        await promised('mail');
        const at = await now();
        const month = monthOf(at);
        await untilMeasured('mail', month.from);
        const began = Math.max(month.from, at - 3 * 60 * MINUTE);
        await tell('mail', {
          sequence: 1,
          occurredAt: iso(began),
          restoredAt: iso(Math.min(at, began + 2 * budgetOf(month))),
        });
        await eventually(async () =>
          expect(await obligationOf('sla-mail', month.from)).toMatchObject({ status: 'accrued', amount: '1000.00' }),
        );
        await tell('mail', { sequence: 2, restoredAt: iso(began + MINUTE) });
        await eventually(async () =>
          expect(await attainmentOf('sla-mail', month.from)).toMatchObject({
            state: 'measuring',
            missedAt: null,
            tier: null,
          }),
        );
        await eventually(async () =>
          expect(await obligationOf('sla-mail', month.from)).toMatchObject({ amount: '0.00', posted: '0.00' }),
        );
        const { journals } = await platform.ask('GET', '/financial/ledger/journals?agreement=sla-mail');
        expect(journals).toHaveLength(2);
      },
      2 * MINUTE,
    );
  });
