import { createHash, randomUUID } from 'node:crypto';
import Fastify, { type FastifyRequest } from 'fastify';
import { Pool, type PoolClient } from 'pg';
import { v7 as uuidv7 } from 'uuid';

/**
 * The floor of `PUT /outages`, as a program of its own: Fastify and pg, nothing between them. It writes the rows that the product
 * writes for the first telling of an outage, and checks nothing.
 */
const pool = new Pool({ connectionString: process.env['UNDERPIN_DATABASE_URL'], max: 8 });
const fastify = Fastify();

type Told = Record<string, string | number | boolean>;
type Route = FastifyRequest<{ Params: { source: string; externalId: string }; Body: Told }>;

const LOCK = 'select * from outage where source = $1 and external_id = $2 for no key update';

const INSERT = `
  with o as (insert into outage (source, external_id, id, beliefs, service, party, starts, ends, weight_bp, state, version, recorded_at, reason, happened_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'measurable', 1, $10, 'outage-reported', $11)),
  r as (insert into outage_report (outage_id, id, sequence, told_at, recorded_at, says) values ($3, $12, $13, $11, $10, $14)),
  p as (insert into pending_recount (service, starts, ends, outage_id) values ($5, $7, $8, $3)),
  b as (insert into outbox (topic, key, headers, value) values ('underpin.availability.outages', $15, $16, $17))
  insert into audit (at, who, door, use_case, subject, key, version_before, version_after, facts, correlation_id)
    values ($10, 'bench', 'rest', 'OutagesController.hear', 'outage', $18, 0, 1, 'reported', $19)`;

const PHASES = ['occurredAt', 'detectedAt', 'reportedAt', 'diagnosedAt', 'repairedAt', 'recoveredAt', 'restoredAt'];
const WORDS = ['cause', 'component', 'party', 'planned', 'service', 'users'];

const at = (told: Told, name: string): number => Date.parse(told[name] as string);

/** The statement's values and the answer. */
const rowsOf = ({ params: { source, externalId }, body: told }: Route): { values: unknown[]; answer: object } => {
  const now = Date.now();
  const says: Record<string, unknown> = {};
  for (const name of [...PHASES, ...WORDS, 'weight'].sort())
    if (told[name] !== undefined)
      says[name === 'weight' ? 'weightBp' : name] = PHASES.includes(name) ? at(told, name) : told[name];
  const sequence = told['sequence'];
  const toldAt = at(told, 'toldAt');
  const reportId = createHash('sha256').update(JSON.stringify({ says, sequence, toldAt })).digest('hex');
  const by = { id: reportId, toldAt, sequence };
  const beliefs = Object.fromEntries(Object.entries(says).map(([claim, value]) => [claim, { by, value }]));
  const id = uuidv7();
  const correlationId = randomUUID();
  const recordedAt = new Date(now).toISOString();
  const phases = Object.fromEntries(
    PHASES.map((name) => [name, told[name] === undefined ? null : new Date(at(told, name)).toISOString()]),
  );
  const { service, party, cause, component, planned, users, weight } = told;
  const data = {
    id,
    version: 1,
    recordedAt,
    source,
    externalId,
    status: 'measurable',
    service,
    component,
    cause,
    party,
    planned,
    weightBp: weight,
    users,
    ...phases,
  };
  const headers = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: uuidv7(),
    ce_type: 'underpin.availability.outage-reported.v1',
    ce_source: '/underpin/availability',
    ce_subject: id,
    ce_time: new Date(toldAt).toISOString(),
    ce_subjectversion: '1',
    ce_correlationid: correlationId,
  };
  const outage = [
    source,
    externalId,
    id,
    JSON.stringify(beliefs),
    service,
    party,
    at(told, 'occurredAt'),
    at(told, 'restoredAt'),
    weight,
  ];
  const others = [
    now,
    toldAt,
    reportId,
    sequence,
    JSON.stringify(says),
    id,
    JSON.stringify(headers),
    JSON.stringify(data),
  ];
  return { values: [...outage, ...others, `${source}/${externalId}`, correlationId], answer: data };
};

const inTransaction = async (work: (client: PoolClient) => Promise<unknown>): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } finally {
    client.release();
  }
};

fastify.get('/ready', async () => ({ answers: (await pool.query('select 1')).rowCount }));

fastify.put('/four/:source/:externalId', async (request: Route, reply) => {
  const { values, answer } = rowsOf(request);
  await inTransaction(async (client) => {
    const found = await client.query({ name: 'lock', text: LOCK, values: values.slice(0, 2) });
    if (found.rows.length > 0) throw new Error('The floor knows first tellings alone');
    await client.query({ name: 'insert', text: INSERT, values });
  });
  return reply.status(201).send(answer);
});

fastify.put('/one/:source/:externalId', async (request: Route, reply) => {
  const { values, answer } = rowsOf(request);
  await pool.query({ name: 'insert', text: INSERT, values });
  return reply.status(201).send(answer);
});

process.once('SIGTERM', () => process.exit(0));
void fastify.listen({ port: Number(process.env['UNDERPIN_PORT']), host: '127.0.0.1' });
