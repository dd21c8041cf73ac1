import { attainments, type AttainmentV1 } from '@underpin/contracts/service-level/attainment.v1';
import { invalid, shown } from '@underpin/kernel/errors';
import { listens } from '@underpin/platform/messaging/listens';
import type { Reckoning } from '../obligations/reckoning';
import { heardAttainments } from './attainments.table';

/** A newer revision of an attainment: what it owes is to be reckoned again. */
export const attainmentsConsumer = (reckoning: Reckoning) =>
  listens(attainments, async (tx, event) => {
    refuseMisnamed(event.data);
    if (await tx.hear(heardAttainments, event)) await reckoning.ask(tx, 'attainment', event.data.id);
  });

/** An obligation is found by agreement and start: an attainment under another name would owe it twice. */
const refuseMisnamed = ({ id, agreement, from, to }: AttainmentV1): void => {
  if (id !== `${agreement}/${from}`)
    throw invalid(
      'attainment.misnamed',
      `the attainment of ${agreement} from ${from} is called ${shown(id)}: its id is "${agreement}/${from}"`,
    );
  if (from >= to)
    throw invalid('attainment.ends-before-it-starts', `${id} ends at ${to}: give a later instant than its start`);
};
