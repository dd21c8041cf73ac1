import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { iso } from '@underpin/kernel/time/instant';
import { nextPeriod, periodAt } from '@underpin/kernel/time/period';

interface Told {
  service: string;
  occurredAt?: string;
  restoredAt?: string;
}
interface Agreed {
  service: string;
  customer: string;
  effective: { from: string };
  zone: string;
  reportingPeriod: 'month' | 'quarter';
  remedy: { tiers: { below: string; percent: string }[] };
}
interface Answer {
  status: number;
  body: unknown;
}

/** Speaks the doors that the player uses, out of memory: enough to see what the player sends and makes of the answers. */
export class FakePlatform {
  readonly bodies: { path: string; body: unknown }[] = [];
  readonly told = new Map<string, Told>();
  /** Answers to give instead, one for each request or report that matches, while there are any. */
  readonly interruptions: { path: RegExp; answer: Answer }[] = [];
  readonly reportProblems: Answer[] = [];
  private readonly agreements = new Map<string, Agreed>();
  private readonly closedThrough = new Map<string, number>();
  private readonly server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const { status, body: answer } = this.answer(request, body);
      response
        .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
        .end(JSON.stringify(answer));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method, url = '', headers }: IncomingMessage, body: unknown): Answer {
    const { pathname, searchParams } = new URL(url, 'http://fake');
    if (headers.authorization !== 'Bearer upk_fake')
      return { status: 401, body: { code: 'key.unknown', detail: 'Who are you?' } };
    const interruption = this.interruptions.findIndex(({ path }) => path.test(pathname));
    if (interruption >= 0) return this.interruptions.splice(interruption, 1)[0]!.answer;
    if (method !== 'GET') this.bodies.push({ path: `${method ?? ''} ${pathname}`, body });
    const [service, door, one, , deed] = pathname.slice(1).split('/');
    if (door === 'outages')
      return {
        status: 200,
        body: {
          answers: (body as { reports: (Told & { source: string; externalId: string })[] }).reports.map((report) =>
            this.hear(report),
          ),
        },
      };
    if (door === 'agreements' && method === 'PUT') this.agreements.set(one!, body as Agreed);
    if (deed === 'close') this.closedThrough.set(one!, Date.parse(searchParams.get('through')!));
    if (door === 'attainments')
      return { status: 200, body: { attainments: this.judged(searchParams.get('agreement')!), next: null } };
    if (door === 'figures')
      return {
        status: 200,
        body: {
          figures: [...this.agreements].flatMap(([id, { service: of }]) =>
            of === searchParams.get('service') ? this.judged(id).map(({ figure }) => figure) : [],
          ),
          next: null,
        },
      };
    if (door === 'obligations')
      return {
        status: 200,
        body: {
          obligations: this.judged(searchParams.get('agreement')!)
            .filter(({ creditPercent }) => creditPercent !== '0')
            .map(({ from, creditPercent }) => ({
              from,
              status: 'settled',
              currency: 'EUR',
              amount: `${creditPercent}0.00`,
            })),
          next: null,
        },
      };
    return { status: 200, body: { service } };
  }

  private hear({ source, externalId, ...told }: Told & { source: string; externalId: string }): Answer {
    const problem = this.reportProblems.shift();
    if (problem !== undefined) return { status: problem.status, body: undefined, ...{ problem: problem.body } };
    this.told.set(`${source}/${externalId}`, { ...this.told.get(`${source}/${externalId}`), ...told });
    return { status: 200, body: undefined };
  }

  /** Attainments with their figures, of outages that do not overlap: the fake adds their lengths. */
  private judged(reference: string) {
    const agreed = this.agreements.get(reference);
    if (agreed === undefined) return [];
    const begins = Date.parse(agreed.effective.from);
    const judged = [];
    for (
      let period = periodAt(agreed.reportingPeriod, agreed.zone, begins);
      period.from <= Date.now();
      period = nextPeriod(period)
    ) {
      const [from, to] = [Math.max(period.from, begins), period.to];
      const spans = [...this.told.values()].filter(
        ({ service, occurredAt }) => service === agreed.service && occurredAt !== undefined,
      );
      const downMs = spans.reduce(
        (sum, { occurredAt, restoredAt }) =>
          sum +
          Math.max(
            0,
            Math.min(to, restoredAt === undefined ? Date.now() : Date.parse(restoredAt)) -
              Math.max(from, Date.parse(occurredAt!)),
          ),
        0,
      );
      const outages = spans.filter(
        ({ occurredAt }) => Date.parse(occurredAt!) >= from && Date.parse(occurredAt!) < to,
      ).length;
      const achieved = 100 * (1 - downMs / (to - from));
      const tier = agreed.remedy.tiers.filter(({ below }) => achieved < Number(below)).at(-1);
      const status = to <= (this.closedThrough.get(agreed.service) ?? 0) ? 'closed' : 'open';
      const figure = {
        id: `m/${iso(from)}/${iso(to)}`,
        from: iso(from),
        to: iso(to),
        agreedMs: to - from,
        downMs,
        outages,
        status,
        revision: 1,
        restatementPending: false,
      };
      judged.push({
        from: iso(from),
        to: iso(to),
        status,
        state: tier === undefined ? 'met' : 'missed',
        creditPercent: tier?.percent ?? '0',
        figure,
      });
    }
    return judged;
  }
}

const read = async (request: IncomingMessage): Promise<unknown> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
};
