import { toBinary, subjectVersion, type WireRecord } from '@underpin/contracts/envelope';
import { outages, OutageV1 } from '@underpin/contracts/availability/outage.v1';
import { stateSubject, typeOf } from '@underpin/contracts/subject';
import { declareKafkaTopics } from '@underpin/platform/messaging/kafka-topics';
import type { TopicDeclaration } from '@underpin/platform/messaging/bus';
import { eventually } from '@underpin/testing/eventually';
import { v7 as uuidv7 } from 'uuid';

/** As an installation has it. */
export const PARTITIONS = 12;

/** The subject of outages on a topic of the benchmark's own. */
export const outagesOn = (topic: string) =>
  stateSubject({ topic, owner: outages.owner, reasons: outages.reasons, payload: OutageV1, key: outages.key });

/** So many outages as availability tells of them: each another subject. */
export const outageEvents = (count: number): WireRecord[] =>
  Array.from({ length: count }, (_, number) => outageEvent(number));

const AT = Date.UTC(2026, 2, 2, 10);

const outageEvent = (number: number): WireRecord => {
  const id = uuidv7();
  const at = (minutes: number): string => new Date(AT + (number + minutes) * 60_000).toISOString();
  const data = {
    ...{
      id,
      version: 1,
      recordedAt: at(61),
      source: 'monitoring',
      externalId: `INC-${number}`,
      status: 'measurable',
      service: 'payroll',
      component: 'db-01',
    },
    ...{ cause: 'hardware', party: 'hoster', planned: false, weightBp: 10_000, users: 120 },
    ...{
      occurredAt: at(0),
      detectedAt: at(1),
      reportedAt: at(2),
      diagnosedAt: null,
      repairedAt: null,
      recoveredAt: null,
      restoredAt: at(50),
    },
  };
  return toBinary({
    id: uuidv7(),
    type: typeOf(outages, 'outage-reported'),
    source: '/underpin/availability',
    subject: id,
    time: AT + number * 60_000,
    correlationid: uuidv7(),
    subjectversion: subjectVersion(0, 1),
    data,
  });
};

/** A topic on the broker, as an installation makes those of state subjects. */
export const makeTopic = (brokers: readonly string[], name: string, partitions = PARTITIONS): Promise<void> =>
  makeTopics(brokers, [{ name, shape: 'state', partitions }]);

/** A broker that is busy may not know yet what it has just made: declared again, it is there. */
export const makeTopics = (brokers: readonly string[], topics: readonly TopicDeclaration[]): Promise<void> =>
  eventually(() => declareKafkaTopics({ brokers, topics }), { withinMs: 60_000 });

export const portionsOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
