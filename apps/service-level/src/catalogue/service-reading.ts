import { Injectable } from '@nestjs/common';
import { iso } from '@underpin/kernel/time/instant';
import { Database } from '@underpin/platform/persistence/database';
import { int } from '@underpin/platform/persistence/row';
import type { RowVersion } from '@underpin/platform/persistence/subject-table';
import { DEFAULT_LIMIT, pageOf } from '@underpin/platform/http/paging';
import { statusOf, unknownService, type Service } from './service';
import type { ServiceDto, ServiceListDto, ServicesQueryDto } from './services.dto';
import { servicesTable } from './services.table';

/** What people ask of the catalogue. */
@Injectable()
export class ServiceReading {
  constructor(private readonly database: Database) {}

  async list({ status, limit = DEFAULT_LIMIT, after }: ServicesQueryDto): Promise<ServiceListDto> {
    const rows = await this.database.query(
      `select * from service
       where ($1::text is null or slug > $1)
         and ($2::text is null or $2 = case when retired_at is not null then 'retired' when live_since is null then 'proposed' else 'live' end)
       order by slug limit $3`,
      [after ?? null, status ?? null, limit + 1],
    );
    const { entries, next } = pageOf(rows.map(serviceOfRow), limit, (service) => service.id);
    return { services: entries, next };
  }

  async find(slug: string): Promise<ServiceDto> {
    const [row] = await this.database.query('select * from service where slug = $1', [slug]);
    if (row === undefined) throw unknownService(slug);
    return serviceOfRow(row);
  }
}

const serviceOfRow = (row: Record<string, unknown>): ServiceDto =>
  serviceDto(servicesTable.fromRow(row), { version: int(row['version']), recordedAt: int(row['recorded_at']) });

export const serviceDto = (service: Service, { version, recordedAt }: RowVersion): ServiceDto => {
  if (service.description === null) throw unknownService(service.slug);
  const { liveSince, ...description } = service.description;
  return {
    id: service.slug,
    ...description,
    status: statusOf(service),
    liveSince: liveSince === null ? null : iso(liveSince),
    retiredAt: service.retiredAt === null ? null : iso(service.retiredAt),
    version,
    recordedAt: iso(recordedAt),
  };
};
