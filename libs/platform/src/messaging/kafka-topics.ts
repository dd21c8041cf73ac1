import { ConfigResourceTypes, type Admin, type IResourceConfigEntry } from 'kafkajs';
import { pause } from './back-off';
import type { TopicDeclaration } from './bus';
import { kafkaClient, type KafkaBusOptions } from './kafka-bus-client';

export interface DeclareTopicsOptions extends Pick<KafkaBusOptions, 'brokers' | 'connect'> {
  readonly topics: readonly TopicDeclaration[];
  /** Copies of each partition; without it, as the broker has it by default. */
  readonly replicas?: number;
}

/** A relay's chunk of records fits in, whatever the broker's own limit is. */
const LARGEST_BATCH = 2_097_152;
const RETRY = { initialRetryTime: 200, maxRetryTime: 2_000, retries: 8 };
const LED_WITHIN_MS = 30_000;
const ASK_AGAIN_MS = 100;
/** `DYNAMIC_TOPIC_CONFIG`: set on this very topic. */
const SET_ON_TOPIC = 1;

/**
 * Makes the topics that are missing, and sets what their declaration says on those that exist. Safe to repeat. The partitions of a
 * topic that exists stay as many as they are: with more of them, keys would move, and lose their order.
 */
export const declareKafkaTopics = async ({ topics, replicas, ...options }: DeclareTopicsOptions): Promise<void> => {
  const admin = kafkaClient(options, 'topics', RETRY).admin({ retry: RETRY });
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    for (const topic of missing)
      // One by one: the answer to many tells nothing when one of them was made by somebody else meanwhile.
      await admin.createTopics({
        waitForLeaders: false, // the client gives up at once where the broker has not heard of the topic itself yet
        topics: [
          {
            topic: topic.name,
            numPartitions: topic.partitions,
            replicationFactor: replicas ?? -1,
            configEntries: settingsOf(topic),
          },
        ],
      });
    await untilLed(
      admin,
      missing.map(({ name }) => name),
    );
    for (const topic of topics) if (existing.has(topic.name)) await settle(admin, topic);
  } finally {
    await admin.disconnect();
  }
};

/** Waits until every partition of these topics has a leader: before, nothing can be appended. */
const untilLed = async (admin: Admin, topics: readonly string[]): Promise<void> => {
  if (topics.length === 0) return;
  const limit = performance.now() + LED_WITHIN_MS;
  for (;;) {
    const led = await admin.fetchTopicMetadata({ topics: [...topics] }).then(
      (found) =>
        found.topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)),
      (error: unknown) => {
        if (performance.now() > limit) throw error;
        return false;
      },
    );
    if (led) return;
    await pause(ASK_AGAIN_MS);
  }
};

/** Timestamps are the broker's: ours follow a clock that may be steered, and a broker refuses what is more than an hour ahead. */
const settingsOf = ({ shape, retentionMs }: TopicDeclaration): IResourceConfigEntry[] =>
  Object.entries({
    'cleanup.policy': shape === 'state' ? 'compact' : 'delete',
    'retention.ms': String(retentionMs ?? -1),
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(LARGEST_BATCH),
  }).map(([name, value]) => ({ name, value }));

/** Kafka replaces all settings of a topic at once: those that an operator has made, and we do not speak of, are sent along. */
const settle = async (admin: Admin, topic: TopicDeclaration): Promise<void> => {
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic.name };
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
  const present = resources[0]?.configEntries ?? [];
  const wanted = settingsOf(topic);
  if (wanted.every(({ name, value }) => present.find((entry) => entry.configName === name)?.configValue === value))
    return;
  const kept = present
    .filter(
      (entry) => Number(entry.configSource) === SET_ON_TOPIC && !wanted.some(({ name }) => name === entry.configName),
    )
    .map((entry) => ({ name: entry.configName, value: entry.configValue }));
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries: [...kept, ...wanted] }] });
};
