import type { FigureV1 } from '@underpin/contracts/availability/figure.v1';
import { allowanceOfKey, exceeded } from '@underpin/kernel/measure/allowance';
import { FULLY_DOWN } from '@underpin/kernel/measure/weight-steps';
import type { AttainmentRecord } from './attainment-row-reading';
import type { AllowanceCheckDto, AttainmentExplanationDto } from './attainments.dto';

const RULES = [
  'Missed ⇔ D · den > A · 10000 · num, with num/den = 1 − required: equality is met. Always against the whole period.',
  'While the period is open, a target is missed and a tier reached from the first millisecond at which the downtime so far is over its allowance (crossedAt); what is still down is taken to go on. At the close the rule alone decides.',
  'The deepest tier that is reached gives the credit, in percent of the fee of the period, at most the cap.',
];

/** The arithmetic behind an attainment, in integers. */
export const explanationOf = ({ attainment, term, figure }: AttainmentRecord): AttainmentExplanationDto => ({
  attainment,
  rules: RULES,
  measured: {
    from: figure.from,
    to: figure.to,
    calendar: term.calendar,
    agreedMs: figure.agreedMs,
    downBpMs: figure.downBpMs,
    asOf: figure.asOf,
  },
  targets: term.targets.map(({ key, required, allowance, atRisk }) => ({
    key,
    required,
    target: checkOf(allowance, figure),
    atRisk: atRisk === null ? null : checkOf(atRisk, figure),
  })),
  tiers: (term.remedy?.tiers ?? []).map(({ below, inclusive, credit, allowance }) => ({
    below,
    inclusive,
    percent: credit,
    ...checkOf(allowance, figure),
  })),
  policy: term.policy,
  countedParty: term.countedParty,
  sources: {
    agreement: `/service-level/agreements/${attainment.agreement}`,
    term: attainment.term,
    measureId: term.measureId,
    figure: { id: figure.id, revision: figure.revision, status: figure.status },
    explainFigure: `/availability/figures/${figure.id}/explain`,
  },
});

const checkOf = (key: string, figure: FigureV1): AllowanceCheckDto => {
  const allowance = allowanceOfKey(key);
  const down = BigInt(figure.downBpMs);
  return {
    allowance: key,
    num: allowance.num,
    den: allowance.den,
    bound: allowance.bound,
    left: (down * BigInt(allowance.den)).toString(),
    right: (BigInt(figure.agreedMs) * BigInt(FULLY_DOWN) * BigInt(allowance.num)).toString(),
    over: exceeded(down, figure.agreedMs, allowance),
    crossedAt: figure.crossings.find((crossing) => crossing.allowance === key)?.at ?? null,
  };
};
