import { instantOf } from '@underpin/kernel/time/instant';
import { DEFAULT_GRACE } from '@underpin/kernel/measure/policy';
import { ProposalDto } from './agreements.dto';
import type { Proposal } from './proposal';

/** A proposal as the REST door brings it. @throws DomainError invalid `instant.…` */
export const proposalFrom = (body: ProposalDto): Proposal => ({
  kind: body.kind,
  service: body.service,
  customer: body.customer ?? null,
  supplier: body.supplier ?? null,
  provider: body.provider ?? null,
  effective: {
    from: instantOf(body.effective.from),
    to: body.effective.to == null ? null : instantOf(body.effective.to),
  },
  zone: body.zone,
  serviceHours: body.serviceHours ?? '24x7',
  reportingPeriod: body.reportingPeriod,
  grace: body.grace ?? DEFAULT_GRACE,
  availability: body.target.availability,
  remedy:
    body.remedy == null
      ? null
      : {
          tiers: body.remedy.tiers.map(({ below, percent, inclusive }) => ({
            below,
            credit: percent,
            inclusive: inclusive ?? false,
          })),
          cap: body.remedy.cap ?? null,
        },
  underpinnedBy: body.underpinnedBy ?? [],
});
