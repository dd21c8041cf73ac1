import type { Type } from '@nestjs/common';
import type { MigrationClass } from '../persistence/migrate';
import type { OwnedTable } from '../messaging/resync';

/** A service, as the platform needs to know it: what it is called, what it is made of, what its database looks like. */
export interface ServiceDefinition {
  /** `availability`: the process's name; also the consumer group, the prefix of its scopes and its path at the gateway. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly module: Type;
  readonly migrations: readonly MigrationClass[];
  /** Tables of facts: the running role may add to them and read them, nothing else. */
  readonly appendOnly: readonly string[];
  /** Keeps the steered clock of a trial installation: one service does. */
  readonly keepsClock?: boolean;
  /** The subjects that this service owns and publishes: what a resync can tell again. */
  readonly owns: readonly OwnedTable[];
}
