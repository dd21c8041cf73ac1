import { readTopics, topicsFile } from '@underpin/platform/messaging/topics-file';
import { ownKafka } from '@underpin/testing/kafka';
import { median } from '../arithmetic';
import { compared, type Part, type Terms } from '../finding';
import { makeTopics } from '../outage-events';
import { BareHops } from './bare-hops';
import { Chain, type Passage } from './chain';

const WARM_UP = 10;

/** From an outage to what is owed for it, through the five services, against three bare hops. */
export const penalty = async ({ isShort, say }: Terms): Promise<Part> => {
  const samples = isShort ? 15 : 100;
  const services = Array.from({ length: WARM_UP + samples }, (_, number) => `bench-${number + 1}`);
  const kafka = await ownKafka();
  await makeTopics(kafka.brokers, readTopics(topicsFile({})));
  const hops = await BareHops.open(kafka.brokers, 'bench.');
  const chain = await Chain.open(kafka.brokers, services);
  say(`${services.length} agreements in force`);

  const passages: Passage[] = [];
  const bare: number[] = [];
  for (const [number, service] of services.entries()) {
    const passage = await chain.one(service);
    const ms = await hops.one({
      service,
      occurredAt: '2026-03-02T10:00:00.000Z',
      restoredAt: '2026-03-02T11:00:00.000Z',
    });
    if (number < WARM_UP) continue;
    passages.push(passage);
    bare.push(ms);
  }
  await chain.close();
  await hops.close();
  await kafka.remove();

  const middle = (of: (passage: Passage) => number): string => `${median(passages.map(of)).toFixed(1)} ms`;
  return {
    name: 'penalty',
    title: 'From an outage to a penalty',
    how: [
      'Five services as processes of their own, Kafka between them, one PostgreSQL. An outage that breaks its target at once is told to availability; the clock runs from the request until',
      'an observer of `underpin.financial.obligations` reads the penalty: intake, recount, relay, attainment, relay, obligation with its journal, relay. The floor, in one process: a producer,',
      'a consumer that commits one row and sends on, three times, to the last commit. Each outage is of another service; no other work is done meanwhile.',
    ],
    findings: [
      compared({
        what: 'outage to penalty',
        unit: 'ms',
        ours: passages.map((p) => p.obligation),
        floor: bare,
        floorIs: 'three bare hops',
        aim: { atMost: 1.5 },
      }),
    ],
    where: [
      `answered after ${middle((p) => p.answered)}; on the bus: outage after ${middle((p) => p.outage)}, figure ${middle((p) => p.figure)}, attainment ${middle((p) => p.attainment)}, obligation ${middle((p) => p.obligation)}`,
      `so: intake and recount until the figure is read ${middle((p) => p.figure)}, judging ${middle((p) => p.attainment - p.figure)}, reckoning ${middle((p) => p.obligation - p.attainment)}`,
    ],
  };
};
