import { conflict, DomainError, invalid, notFound } from '@underpin/kernel/errors';
import type { Actor } from '../persistence/actor';
import type { Database } from '../persistence/database';
import type { Tx } from '../persistence/tx';
import type { UnitOfWork } from '../persistence/unit-of-work';
import { noteInAudit } from './audit-note';
import {
  findDeadLetter,
  listDeadLetters,
  lockDeadLetter,
  noteFailure,
  settle,
  type DeadLetterFilter,
  type DeadLetterRow,
} from './dead-letter.table';
import { detailOf, reasonFor, verdictOn } from './failure';
import type { Hearing } from './hearing';

/** Looking after what could not be handled: look, try again, or give up. Nothing of it moves a position. */
export class DeadLetters {
  constructor(
    private readonly work: UnitOfWork,
    private readonly database: Database,
    private readonly hearing: Hearing,
    private readonly group: string,
  ) {}

  list(filter: DeadLetterFilter): Promise<DeadLetterRow[]> {
    return listDeadLetters(this.database, this.group, filter);
  }

  /** @throws DomainError not-found `dead-letter.unknown` */
  async find(id: string): Promise<DeadLetterRow> {
    return (await findDeadLetter(this.database, this.group, id)) ?? this.unknown(id);
  }

  /**
   * Handles the message once more, by the same handlers. Where a newer version has passed, their version guard makes it change nothing.
   *
   * @throws DomainError not-found `dead-letter.unknown`, conflict `dead-letter.settled` | `dead-letter.failed-again`
   */
  async redrive(by: Actor, id: string): Promise<DeadLetterRow> {
    try {
      return await this.work.run(by, async (tx) => {
        const letter = await this.waiting(tx, id);
        const understood = this.hearing.understand({ ...letter, offset: BigInt(letter.offset) });
        if (!('event' in understood)) throw invalid(understood.reason, understood.detail);
        await this.hearing.handle(tx, understood.event);
        tx.onBehalfOf(by);
        return this.close(tx, letter, 'redriven', null);
      });
    } catch (error) {
      if (isOurOwn(error) || verdictOn(error) === 'away') throw error;
      const [reason, detail] = [reasonFor(error), error instanceof DomainError ? error.message : detailOf(error)];
      await this.work.run(by, (tx) => noteFailure(tx, id, { reason, detail }));
      throw conflict('dead-letter.failed-again', `The message has failed again and goes on waiting: ${detail}`, {
        reason,
      });
    }
  }

  /**
   * Gives a message up, and says why.
   *
   * @throws DomainError not-found `dead-letter.unknown`, conflict `dead-letter.settled`
   */
  discard(by: Actor, id: string, why: string): Promise<DeadLetterRow> {
    return this.work.run(by, async (tx) => this.close(tx, await this.waiting(tx, id), 'discarded', why));
  }

  private async close(
    tx: Tx,
    letter: DeadLetterRow,
    status: 'redriven' | 'discarded',
    why: string | null,
  ): Promise<DeadLetterRow> {
    const { topic, partition, offset } = letter;
    await noteInAudit(tx, 'dead_letter', letter.id, `${status} ${topic}/${partition}@${offset}`);
    return settle(tx, letter.id, status, why);
  }

  private async waiting(tx: Tx, id: string): Promise<DeadLetterRow> {
    const letter = (await lockDeadLetter(tx, this.group, id)) ?? this.unknown(id);
    if (letter.status !== 'waiting')
      throw conflict(
        'dead-letter.settled',
        `The dead letter ${id} was ${letter.status} by ${letter.settled_by ?? 'somebody'}: nothing is left to do`,
      );
    return letter;
  }

  private unknown(id: string): never {
    throw notFound('dead-letter.unknown', `${this.group} has no dead letter ${id}`);
  }
}

/** What the letter itself has to say, not the handlers of its message. */
const isOurOwn = (error: unknown): boolean => error instanceof DomainError && error.code.startsWith('dead-letter.');
