import { agreements, type AgreementV1, type TermV1 } from '@underpin/contracts/service-level/agreement.v1';
import { instantOf } from '@underpin/kernel/time/instant';
import { heardTable } from '@underpin/platform/persistence/heard-table';
import { listens } from '@underpin/platform/messaging/listens';
import type { MeasuredTerm } from './measure';
import type { Measuring } from './measuring';

export const heardAgreements = heardTable<AgreementV1>({
  table: 'heard_agreement',
  columns: ({ service }) => ({ service }),
});

/** An agreement's terms say what is to be measured, whatever its status: their dates count. */
export const agreementsConsumer = (measuring: Measuring) =>
  listens(agreements, async (tx, event) => {
    if (await tx.hear(heardAgreements, event))
      await measuring.measure(
        tx,
        event.data.terms.map((term) => measuredTerm(event.data, term)),
      );
  });

const measuredTerm = ({ id, service }: AgreementV1, term: TermV1): MeasuredTerm => ({
  agreement: id,
  effective: {
    start: instantOf(term.effective.from),
    end: term.effective.to === null ? Infinity : instantOf(term.effective.to),
  },
  measureId: term.measureId,
  definition: {
    service,
    counted: term.countedParty === null ? 'any' : { only: term.countedParty },
    calendar: plain(term.calendar),
    policy: plain(term.policy),
    reportingPeriod: term.reportingPeriod,
    grace: term.grace,
  },
  allowances: term.allowances,
});

/** Without the class that has checked it: what is kept and hashed is data. */
const plain = <T extends object>(shape: T): T => ({ ...shape });
