import { Injectable } from '@nestjs/common';
import { invalid } from '@underpin/kernel/errors';
import type { Changed } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { AttainmentMonitoring } from '../attainments/attainment-monitoring';
import { promise } from '../catalogue/service';
import { servicesTable } from '../catalogue/services.table';
import type { PartyKind } from '../parties/party';
import {
  agree,
  contentOf,
  draft,
  drafted,
  nextStep,
  progress,
  type Agreement,
  type AgreementContent,
  type AgreementFact,
} from './agreement';
import { agreementsTable, notUnderpinning } from './agreements.table';
import { checkOtherSide, type Proposal } from './proposal';

/** Due when an agreement comes into force or ends. */
export const AGREEMENT_STEP = 'agreement-step';

type ChangedAgreement = Changed<Agreement, AgreementFact>;

/** From the draft of an agreement to its end. */
@Injectable()
export class Agreeing {
  constructor(private readonly monitoring: AttainmentMonitoring) {}

  /** Drafts an agreement, or drafts it anew; what is agreed already can only be said again. */
  async draft(tx: Tx, reference: string, proposal: Proposal): Promise<ChangedAgreement> {
    const content = contentOf(proposal);
    await this.checkPeers(tx, reference, content);
    return tx.change(agreementsTable, reference, (agreement, now) => draft(agreement, content, now));
  }

  /** Both sides have agreed: from now on it is measured, and told. Agreeing again changes nothing. */
  async agree(tx: Tx, reference: string): Promise<ChangedAgreement> {
    const agreed = await tx.change(agreementsTable, reference, agree);
    if (!agreed.changed) return agreed;
    const agreement = drafted(agreed.state);
    const service = await tx.change(servicesTable, agreement.content.service, promise);
    await this.monitoring.join(tx, agreement, service.state.description?.liveSince ?? 0);
    return (await this.progress(tx, reference)) ?? agreed;
  }

  /** Goes the steps that the agreement's dates have brought by now, and waits for the next. Gives the last step; null: none. */
  async progress(tx: Tx, reference: string): Promise<ChangedAgreement | null> {
    let last: ChangedAgreement | null = null;
    for (;;) {
      const step = await tx.change(agreementsTable, reference, progress);
      if (!step.changed) {
        await tx.timers(AGREEMENT_STEP, [{ key: reference, dueAt: nextStep(step.state)?.at ?? null }]);
        return last;
      }
      last = step;
    }
  }

  private async checkPeers(
    tx: Tx,
    reference: string,
    { kind, service, provider, recipient, underpinnedBy }: AgreementContent,
  ): Promise<void> {
    const other = (provider ?? recipient) as string;
    const [known] = await tx.query<{ service: boolean; kind: PartyKind | null }>(
      `select exists (select 1 from service where slug = $1) as service, (select kind from party where slug = $2 for share) as kind`,
      [service, other],
    );
    if (known?.service !== true)
      throw invalid(
        'agreement.service-unknown',
        `service is "${service}", and the catalogue has none of that name: register it first with PUT /services/${service}`,
      );
    checkOtherSide(kind, other, known.kind);
    const [loose] = await notUnderpinning(tx, underpinnedBy);
    if (loose !== undefined)
      throw invalid(
        'agreement.not-underpinning',
        `underpinnedBy names "${loose}", which is no OLA or UC that "${reference}" could rest on: draft it first with PUT /agreements/${loose}`,
      );
  }
}
