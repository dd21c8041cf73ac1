import { Injectable } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { problemOf } from '@underpin/platform/http/problem.filter';
import { ShapeProblem, fieldProblems } from '@underpin/platform/http/validation';
import type { Actor } from '@underpin/platform/persistence/actor';
import type { Tx } from '@underpin/platform/persistence/tx';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import { INTAKE_BARRIER, OutageRecording } from './outage-recording';
import { reportOf, type ToldReport } from './outage-report';
import { outageDto } from './outage-reading';
import { isServiceKnown } from '../heard/services.table';
import { claimOf } from './outage';
import { BatchedReportDto, type BatchAnswerDto, type OutageDto } from './outages.dto';

const REMEMBERED = 10_000;
/** Half of the connections that the service has: a batch must not keep single callers waiting. */
const SIDE_BY_SIDE = 4;

/** The places of the tellings in a batch, by the outage that they are about, whatever else may be wrong with them. */
const byOutage = (reports: readonly Record<string, unknown>[]): number[][] => {
  const groups = new Map<string, number[]>();
  reports.forEach(({ source, externalId }, index) => {
    const outage = JSON.stringify([source, externalId]);
    groups.set(outage, [...(groups.get(outage) ?? []), index]);
  });
  return [...groups.values()];
};

/** The REST door of outages: one telling, or many of which each is kept or refused by itself. */
@Injectable()
export class OutageIntake {
  /** Services once heard of stay heard of: what was seen here need not be asked again. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly work: UnitOfWork,
    private readonly recording: OutageRecording,
  ) {}

  /** One telling, in a transaction of its own. */
  tell(by: Actor, told: ToldReport): Promise<{ outage: OutageDto; isNew: boolean }> {
    return this.work.run(by, (tx) => this.hear(tx, told), { sharing: INTAKE_BARRIER });
  }

  private async hear(tx: Tx, told: ToldReport): Promise<{ outage: OutageDto; isNew: boolean }> {
    const heard = await this.recording.hear(tx, reportOf(told));
    const service = claimOf(heard.state, 'service');
    const serviceKnown = service !== null && (await this.isKnown(tx, service));
    return {
      outage: outageDto({ outage: heard.state, version: heard.version, recordedAt: heard.recordedAt, serviceKnown }),
      isNew: heard.changed && heard.version === 1,
    };
  }

  private async isKnown(tx: Tx, service: string): Promise<boolean> {
    if (this.seen.has(service)) return true;
    const known = await isServiceKnown(tx, service);
    if (known && this.seen.size < REMEMBERED) this.seen.add(service);
    return known;
  }

  /**
   * Each telling in a transaction of its own; one that is refused does not hold up the others. Some run side by side; those about
   * one outage keep their order.
   */
  async hearAll(by: Actor, reports: readonly Record<string, unknown>[]): Promise<BatchAnswerDto[]> {
    const answers: BatchAnswerDto[] = [];
    const waiting = byOutage(reports);
    const lane = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
        for (const index of next) answers[index] = await this.answer(by, reports[index] ?? {});
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    return answers;
  }

  private async answer(by: Actor, body: Record<string, unknown>): Promise<BatchAnswerDto> {
    try {
      const report = plainToInstance(BatchedReportDto, body);
      const errors = await validate(report, { whitelist: true, forbidNonWhitelisted: true });
      if (errors.length > 0) throw new ShapeProblem(fieldProblems(errors));
      const { outage, isNew } = await this.tell(by, report);
      return { status: isNew ? 201 : 200, outage };
    } catch (error) {
      const problem = problemOf(error);
      return { status: problem.status, problem };
    }
  }
}
