import type { Database } from '@underpin/platform/persistence/database';
import { int, type Row } from '@underpin/platform/persistence/row';
import { subjectTable, type RowVersion } from '@underpin/platform/persistence/subject-table';
import { unknownResource, type Resource, type ResourceDescription, type ResourceFact } from './resource';
import { resourcePublication } from './resources.publications';

export const resourcesTable = subjectTable<string, Resource, ResourceFact>({
  table: 'resource',
  keyColumns: ['slug'],
  toKey: (slug) => ({ slug }),
  toRow: ({ description }) => ({
    name: description?.name,
    kind: description?.kind,
    status: description?.status,
    service: description?.service,
    supplier: description?.supplier,
    unit: description?.unit,
    capacity: description?.capacity,
  }),
  fromRow: (row) => ({
    slug: row['slug'] as string,
    description: {
      name: row['name'] as string,
      kind: row['kind'] as ResourceDescription['kind'],
      status: row['status'] as ResourceDescription['status'],
      service: row['service'] as string | null,
      supplier: row['supplier'] as string | null,
      unit: row['unit'] as string,
      capacity: row['capacity'] as string | null,
    },
  }),
  unheardOf: (slug) => ({ slug, description: null }),
  publication: resourcePublication,
});

/** A resource with what its row knows beyond it. */
export interface ResourceRecord extends RowVersion {
  readonly state: Resource;
}

export interface ResourceQuery {
  readonly kind?: string;
  readonly service?: string;
  /** The slug of the last one that is known already. */
  readonly after?: string;
  readonly limit: number;
}

export const listResources = async (
  database: Database,
  { kind, service, after, limit }: ResourceQuery,
): Promise<ResourceRecord[]> => {
  const rows = await database.query(
    `select * from resource
     where ($1::text is null or kind = $1) and ($2::text is null or service = $2) and ($3::text is null or slug > $3)
     order by slug limit $4`,
    [kind ?? null, service ?? null, after ?? null, limit],
  );
  return rows.map(recordOf);
};

/** @throws DomainError not-found `resource.unknown` */
export const findResource = async (database: Database, slug: string): Promise<ResourceRecord> => {
  const [row] = await database.query('select * from resource where slug = $1', [slug]);
  if (row === undefined) throw unknownResource(slug);
  return recordOf(row);
};

const recordOf = (row: Row): ResourceRecord => ({
  state: resourcesTable.fromRow(row),
  version: int(row['version']),
  recordedAt: int(row['recorded_at']),
});
