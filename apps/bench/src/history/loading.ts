import type { FreshDatabase } from '@underpin/testing/postgres';

/** A history of outages that are as far apart as each other: number `i` begins at `from + i * step`. */
export interface HistoryShape {
  readonly outages: number;
  /** [from, to) */
  readonly from: number;
  readonly to: number;
}

export const SERVICE = 'payroll';
export const SOURCE = 'history';

/** Every outage takes a sixteenth of the time to the next: the same share of downtime, however many there are. */
export const stepOf = ({ outages, from, to }: HistoryShape): number => Math.floor((to - from) / outages);
export const lengthOf = (shape: HistoryShape): number => Math.floor(stepOf(shape) / 16);

export const externalIdOf = (number: number): string => `H-${number}`;

const RECORDED_AT = Date.UTC(2026, 0, 2);

/** Rows as the intake writes them for one telling of each outage. $1 how many, $2 from, $3 step, $4 length */
const OUTAGES = `
  with spans as (
    select i, $2::int8 + i * $3::int8 as s, $2::int8 + i * $3::int8 + $4::int8 as e from generate_series(0, $1::int - 1) i),
  said as (
    select i, s, e, jsonb_build_object('occurredAt', s, 'restoredAt', e, 'service', '${SERVICE}') as says,
      encode(sha256(convert_to('{"says":{"occurredAt":' || s || ',"restoredAt":' || e || ',"service":"${SERVICE}"},"sequence":1,"toldAt":null}', 'UTF8')), 'hex') as report
    from spans),
  told as (
    select *, jsonb_build_object('id', report, 'toldAt', null, 'sequence', 1) as by, gen_random_uuid() as id from said),
  reports as (
    insert into outage_report (outage_id, id, sequence, told_at, recorded_at, says) select id, report, 1, null, ${RECORDED_AT}, says from told),
  audits as (
    insert into audit (at, who, door, use_case, subject, key, version_before, version_after, facts, correlation_id)
    select ${RECORDED_AT}, 'bench', 'rest', 'OutagesController.hearAll', 'outage', '${SOURCE}/H-' || i, 0, 1, 'reported', gen_random_uuid()::text from told)
  insert into outage (source, external_id, id, beliefs, service, party, starts, ends, weight_bp, state, version, recorded_at, reason, happened_at)
  select '${SOURCE}', 'H-' || i, id,
    jsonb_build_object('occurredAt', jsonb_build_object('by', by, 'value', s), 'restoredAt', jsonb_build_object('by', by, 'value', e),
      'service', jsonb_build_object('by', by, 'value', '${SERVICE}')),
    '${SERVICE}', null, s, e, 10000, 'measurable', 1, ${RECORDED_AT}, 'outage-reported', s from told`;

/** What a recount makes of them: outages that do not touch are an episode each. */
const EPISODES = `
  insert into episode (measure_id, starts, ends, steps, outage_ids)
  select m.id, o.starts, o.ends, jsonb_build_array(jsonb_build_array(o.starts, o.ends, o.weight_bp)), array[o.id] from measure m join outage o using (service)`;

const EPISODES_IN_PERIODS = `
  insert into episode_in_period (figure_id, episode_start, down_bpms, down_ms)
  select f.id, e.starts, (least(e.ends, f.to_at) - greatest(e.starts, f.from_at)) * 10000::numeric, least(e.ends, f.to_at) - greatest(e.starts, f.from_at)
  from figure f join episode e on e.measure_id = f.measure_id and e.starts < f.to_at and e.ends > f.from_at`;

const COUNTED = `
  insert into counted_outage (figure_id, outage_id)
  select f.id, o.id from figure f join outage o on o.service = f.service and o.starts >= f.from_at and o.starts < f.to_at`;

const SUMS = `
  update figure f set projected_bpms = c.down, down_bpms = c.down, longest_ms = c.longest, episodes = c.begun,
    outages = (select count(*) from counted_outage o where o.figure_id = f.id)
  from (select p.figure_id, sum(p.down_bpms) as down, max(p.down_ms) as longest, count(*) filter (where p.episode_start >= g.from_at) as begun
        from episode_in_period p join figure g on g.id = p.figure_id group by p.figure_id) c
  where c.figure_id = f.id`;

/** Each watched allowance is used up where the sum of the episodes so far first comes to more than it. */
const CROSSINGS = `
  with watched as (
    select distinct f.id, w.key, f.from_at, floor(f.agreed_ms::numeric * 10000 * split_part(split_part(w.key, ':', 2), '/', 1)::numeric
      / split_part(split_part(w.key, ':', 2), '/', 2)::numeric) + 1 as least
    from figure f join watched_allowance w using (measure_id)),
  sums as (
    select figure_id, episode_start, down_bpms, sum(down_bpms) over (partition by figure_id order by episode_start) as until from episode_in_period),
  crossed as (
    select distinct on (w.id, w.key) w.id, w.key, greatest(s.episode_start, w.from_at) as start, s.until - s.down_bpms as before, w.least
    from watched w join sums s on s.figure_id = w.id and s.until >= w.least order by w.id, w.key, s.episode_start),
  found as (
    select w.id, w.key, c.start + ceil((c.least - c.before) / 10000)::int8 as at, (c.before + ceil((c.least - c.before) / 10000) * 10000)::int8::text as down
    from watched w left join crossed c on c.id = w.id and c.key = w.key)
  update figure f set crossings = (
    select jsonb_agg(jsonb_build_object('allowance', key, 'at', at, 'down', down) order by key) from found where found.id = f.id)`;

/** Puts a history into a database whose figures are open and count nothing yet, by a few statements. */
export const load = async (database: FreshDatabase, shape: HistoryShape): Promise<void> => {
  await database.query(OUTAGES, [shape.outages, shape.from, stepOf(shape), lengthOf(shape)]);
  await database.query('analyze outage');
  for (const statement of [
    EPISODES,
    'analyze episode',
    EPISODES_IN_PERIODS,
    COUNTED,
    'analyze episode_in_period, counted_outage',
    SUMS,
    CROSSINGS,
  ])
    await database.query(statement);
  await database.query('vacuum analyze');
};

/** What the same history must have left, whichever way it came: without identities, versions and instants of the recording. */
const LEFT: Readonly<Record<string, string>> = {
  outage: `select to_jsonb(o) - 'id' - 'recorded_at' as row from outage o order by external_id`,
  report: `select o.external_id, to_jsonb(r) - 'outage_id' - 'recorded_at' as row from outage_report r join outage o on o.id = r.outage_id order by 1`,
  audit: `select to_jsonb(a) - 'id' - 'at' - 'correlation_id' as row from audit a where subject = 'outage' order by key`,
  episode: `select to_jsonb(e) - 'outage_ids' as row, (select array_agg(external_id order by 1) from outage where id = any(e.outage_ids)) as outages from episode e order by starts`,
  'episode in a period': `select to_jsonb(p) as row from episode_in_period p order by figure_id, episode_start`,
  'counted outage': `select figure_id, external_id from counted_outage c join outage o on o.id = c.outage_id order by 1, 2`,
  figure: `select to_jsonb(f) - 'revision' - 'version' - 'as_of' - 'recorded_at' - 'happened_at' - 'reason' - 'cause' as row from figure f order by id`,
};

/** Compares two databases, row by row. @throws with the first difference */
export const proveEqual = async (told: FreshDatabase, loaded: FreshDatabase): Promise<number> => {
  let compared = 0;
  for (const [what, sql] of Object.entries(LEFT)) {
    const [expected, found] = [await told.query(sql), await loaded.query(sql)];
    if (expected.length === 0 || expected.length !== found.length)
      throw new Error(`${what}: ${expected.length} rows were told, ${found.length} were loaded`);
    expected.forEach((row, index) => {
      const [a, b] = [JSON.stringify(row), JSON.stringify(found[index])];
      if (a !== b) throw new Error(`${what} differs:\n  told   ${a}\n  loaded ${b}`);
    });
    compared += expected.length;
  }
  return compared;
};
