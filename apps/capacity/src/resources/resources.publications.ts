import { resources, type ResourceV1 } from '@underpin/contracts/capacity/resource.v1';
import { iso } from '@underpin/kernel/time/instant';
import type { Publication, RowVersion, Telling } from '@underpin/platform/persistence/subject-table';
import { unknownResource, type Resource, type ResourceFact } from './resource';

type Reason = (typeof resources.reasons)[number];

const telling = ([fact]: readonly ResourceFact[]): Telling<Reason> | null => {
  if (fact === undefined) return null;
  switch (fact.type) {
    case 'registered':
    case 'changed':
    case 'retired':
      return { reason: `resource-${fact.type}`, time: fact.at };
    default:
      return fact.type satisfies never;
  }
};

const snapshot = ({ slug, description }: Resource, { version, recordedAt }: RowVersion): ResourceV1 => {
  if (description === null) throw unknownResource(slug);
  return { id: slug, version, recordedAt: iso(recordedAt), ...description };
};

export const resourcePublication: Publication<Resource, ResourceFact, ResourceV1, Reason> = {
  subject: resources,
  telling,
  snapshot,
};
