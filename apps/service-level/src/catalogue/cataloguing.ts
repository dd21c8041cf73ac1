import { Injectable } from '@nestjs/common';
import type { Changed } from '@underpin/platform/persistence/subject-table';
import type { Tx } from '@underpin/platform/persistence/tx';
import { agreedOn } from '../agreements/agreements.table';
import { describeService, retire, type Service, type ServiceDescription, type ServiceFact } from './service';
import { servicesTable } from './services.table';

/** Keeping the service catalogue. */
@Injectable()
export class Cataloguing {
  /** Registers a service, or describes it anew. */
  describe(tx: Tx, slug: string, description: ServiceDescription): Promise<Changed<Service, ServiceFact>> {
    return tx.change(servicesTable, slug, (service, now) => describeService(service, description, now));
  }

  /** Takes a service out of the catalogue for good, if nothing is promised of it any more. */
  async retire(tx: Tx, slug: string): Promise<Changed<Service, ServiceFact>> {
    // Locked before the agreements are read: whoever agrees on something locks it too.
    await tx.query('select 1 from service where slug = $1 for no key update', [slug]);
    const restingOnIt = await agreedOn(tx, slug);
    return tx.change(servicesTable, slug, (service, now) => retire(service, restingOnIt, now));
  }
}
