import { eventually } from '@underpin/testing/eventually';
import { RunningPlatform } from '../platform/running-platform';

const MINUTE = 60_000;
const SERVICES = ['service-level', 'availability', 'financial', 'capacity', 'continuity'];

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly example?: unknown;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
}

interface Operation {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly example?: unknown;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** What has to be there before the rest makes sense, in this order; what ends things comes last. */
const ORDER = [
  'put /parties',
  'put /services',
  'put /agreements',
  'put /prices',
  'post /agreements',
  'put ',
  'post /outages',
  'post /services/{slug}/periods',
  'post /invoices',
  'get ',
  'post ',
];

/** What operators do about events: their subjects (a dead letter, a gap) are not there where all is well. */
const isForOperators = (path: string): boolean => path.startsWith('/admin/');

const rank = ({ method, path }: Operation): number =>
  ORDER.findIndex((beginning) => `${method} ${path}`.startsWith(beginning));

describe('Every example in the documentation of the API', () => {
  let platform: RunningPlatform;
  const schemas = new Map<string, Record<string, Schema>>();
  const operations: Operation[] = [];

  beforeAll(async () => {
    platform = await RunningPlatform.start();
    for (const service of SERVICES) {
      const document = await platform.ask('GET', `/openapi/${service}.json`);
      schemas.set(service, document.components.schemas);
      for (const [path, methods] of Object.entries<Record<string, Operation>>(document.paths))
        for (const [method, operation] of Object.entries(methods))
          operations.push({ ...operation, service, method, path });
    }
    operations.sort((a, b) => rank(a) - rank(b));
  }, 3 * MINUTE);
  afterAll(() => platform.stop(), MINUTE);

  const resolved = (service: string, schema: Schema): Schema => {
    const whole =
      schema.$ref === undefined ? schema : (schemas.get(service)?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    return whole.allOf?.length === 1 ? { ...whole, ...resolved(service, whole.allOf[0] as Schema) } : whole;
  };
  const exampleOf = (service: string, schema: Schema): unknown => {
    const { example, properties, items, enum: words } = resolved(service, schema);
    if (example !== undefined) return example;
    if (properties !== undefined)
      return Object.fromEntries(
        Object.entries(properties)
          .map(([name, property]) => [name, exampleOf(service, property)])
          .filter(([, value]) => value !== undefined),
      );
    if (items !== undefined) return [exampleOf(service, items)];
    return words?.[0];
  };
  const send = (
    { service, method, path, parameters = [], requestBody }: Operation,
    instead: Record<string, string> = {},
  ) => {
    const valueOf = (name: string) => {
      const parameter = parameters.find((p) => p.name === name);
      return instead[name] ?? parameter?.example ?? (parameter?.schema && exampleOf(service, parameter.schema));
    };
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(valueOf(name))));
    const query = parameters
      .filter((p) => p.in === 'query' && valueOf(p.name) !== undefined && p.name !== 'after')
      .map((p) => `${p.name}=${encodeURIComponent(String(valueOf(p.name)))}`)
      .join('&');
    const content = requestBody?.content['application/json'];
    const body = content === undefined ? undefined : (content.example ?? exampleOf(service, content.schema));
    return platform.call(method.toUpperCase(), `/${service}${filled}${query === '' ? '' : `?${query}`}`, body);
  };
  /** What is wrong with an answer by its schema, in words. */
  const flawsIn = (service: string, schema: Schema, value: unknown, at = 'body'): string[] => {
    const { type, properties, required = [], items, nullable, enum: words } = resolved(service, schema);
    if (value === null)
      return nullable === true || schema.nullable === true ? [] : [`${at} is null and not documented so`];
    if (words !== undefined && !words.includes(value))
      return [`${at} is ${JSON.stringify(value)}, none of ${words.join(', ')}`];
    if (items !== undefined)
      return Array.isArray(value)
        ? value.flatMap((each, i) => flawsIn(service, items, each, `${at}[${i}]`))
        : [`${at} is no list`];
    if (properties !== undefined) {
      if (typeof value !== 'object' || Array.isArray(value)) return [`${at} is no object`];
      const given = value as Record<string, unknown>;
      return [
        ...required.filter((name) => given[name] === undefined).map((name) => `${at}.${name} is missing`),
        ...Object.keys(given)
          .filter((name) => properties[name] === undefined)
          .map((name) => `${at}.${name} is not documented`),
        ...Object.entries(properties).flatMap(([name, property]) =>
          given[name] === undefined ? [] : flawsIn(service, property, given[name], `${at}.${name}`),
        ),
      ];
    }
    const is = typeof value;
    const fits =
      type === undefined || type === 'object' || (type === 'integer' ? Number.isInteger(value) : type === is);
    return fits ? [] : [`${at} is a ${is}, not a ${type}`];
  };
  const checked = (operation: Operation, { status, body }: { status: number; body: unknown }): void => {
    const documented = operation.responses[String(status)];
    expect({
      operation: `${operation.method} /${operation.service}${operation.path}`,
      status,
      documented: documented !== undefined,
      body,
    }).toMatchObject({ documented: true });
    const schema = Object.values(documented?.content ?? {})[0]?.schema;
    if (schema !== undefined)
      expect({ operation: operation.path, flaws: flawsIn(operation.service, schema, body) }).toEqual({
        operation: operation.path,
        flaws: [],
      });
  };

  it(
    'is accepted where it changes something, and answered as documented',
    async () => {
      const writing = operations.filter(({ method, path }) => method !== 'get' && !isForOperators(path));
      expect(writing.length).toBeGreaterThan(10);
      // What is still promised cannot be retired, so that one goes which nobody was promised.
      await platform.ask('PUT', '/service-level/services/fax', { name: 'Fax' });
      for (const operation of writing) {
        const instead = operation.path.endsWith('/retire') ? { slug: 'fax' } : undefined;
        const answer = await eventually(async () => {
          const given = await send(operation, instead);
          // What another service is to hear first may take a moment.
          if (given.status === 404)
            throw new Error(`${operation.method} ${operation.path}: ${JSON.stringify(given.body)}`);
          return given;
        });
        const said = `${operation.method} /${operation.service}${operation.path}: ${answer.status} ${JSON.stringify(answer.body)}`;
        expect(said).toMatch(/: 20[01] /);
        checked(operation, answer);
      }
    },
    2 * MINUTE,
  );

  it(
    'is answered as documented where it only reads, and where operators act',
    async () => {
      for (const operation of operations.filter(({ method, path }) => method === 'get' || isForOperators(path)))
        checked(operation, await send(operation));
    },
    2 * MINUTE,
  );

  it(
    'finds what is there: each subject that a list shows, under its own address',
    async () => {
      const first = (path: string, plural: string): Promise<Record<string, any>> =>
        eventually(async () => {
          const [found] = (await platform.ask('GET', path))[plural];
          if (found === undefined) throw new Error(`${path} shows none`);
          return found;
        });
      const figure = await first('/availability/figures', 'figures');
      const [measure, from, to] = figure.id.split('/');
      const attainment = await first('/service-level/attainments', 'attainments');
      const obligation = await first('/financial/obligations', 'obligations');
      const invoice = await first('/financial/invoices', 'invoices');
      const real: Record<string, Record<string, string>> = {
        '/figures/{measure}/{from}/{to}': { measure, from, to },
        '/figures/{measure}/{from}/{to}/explain': { measure, from, to },
        '/attainments/{agreement}/{from}': { agreement: attainment.agreement, from: attainment.from },
        '/attainments/{agreement}/{from}/explain': { agreement: attainment.agreement, from: attainment.from },
        '/obligations/{agreement}/{from}': { agreement: obligation.agreement, from: obligation.from },
        '/obligations/{agreement}/{from}/explain': { agreement: obligation.agreement, from: obligation.from },
        '/invoices/{id}': { id: invoice.id },
      };
      for (const operation of operations.filter(
        ({ method, path }) => method === 'get' && path.includes('{') && !isForOperators(path),
      )) {
        if (operation.path === '/credit-notes/{id}') continue; // none is issued before a period is closed: the flows see to it
        const answer = await send(operation, real[operation.path]);
        expect({ path: operation.path, status: answer.status }).toEqual({ path: operation.path, status: 200 });
        checked(operation, answer);
      }
    },
    2 * MINUTE,
  );
});
