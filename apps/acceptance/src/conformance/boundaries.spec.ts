import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '../../../..');

interface Case {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** The rules that must turn red; none: the file is right. */
  readonly red: readonly string[];
}

const imports = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const sql = (statement: string) => `export const statement = \`${statement}\`;\n`;

const ours = 'underpin/own-project';
const nx = '@nx/enforce-module-boundaries';
const layers = 'underpin/layers';
const clock = 'underpin/clock';

const invoicing = 'apps/financial/src/invoices/invoice-issuing.ts';
const outage = 'apps/availability/src/outages/outage.ts';
const figures = 'apps/availability/src/figures/figures.table.ts';
const controller = 'apps/availability/src/outages/outages.controller.ts';
const reading = 'apps/availability/src/outages/outage-reading.ts';
const unitOfWork = 'libs/platform/src/persistence/unit-of-work.ts';
const interval = 'libs/kernel/src/time/overlap.ts';

const cases: readonly Case[] = [
  // Two services never import each other.
  {
    name: 'a service names another',
    file: invoicing,
    text: imports('@underpin/availability/outages/outage'),
    red: [ours],
  },
  {
    name: 'a service reaches into another',
    file: invoicing,
    text: imports('../../../availability/src/main'),
    red: [ours, nx],
  },
  {
    name: 'a service names another by its folder',
    file: invoicing,
    text: imports('apps/availability/src/main'),
    red: [ours, nx],
  },
  {
    name: 'a service re-exports another',
    file: invoicing,
    text: `export * from '../../../availability/src/main';\n`,
    red: [ours, nx],
  },
  {
    name: 'a service loads another late',
    file: invoicing,
    text: `export const late = import('../../../availability/src/main');\n`,
    red: [ours, nx],
  },
  {
    name: 'a service requires another',
    file: invoicing,
    text: `export const late = require('../../../availability/src/main') as unknown;\n`,
    red: [ours, nx, '@typescript-eslint/no-require-imports'],
  },
  {
    name: 'a service borrows the types of another',
    file: invoicing,
    text: `export type T = import('../../../availability/src/main').T;\n`,
    red: [ours],
  },
  {
    name: 'a service imports the gateway',
    file: invoicing,
    text: imports('../../../gateway/src/main'),
    red: [ours, nx],
  },
  {
    name: 'a spec of a service imports another service',
    file: 'apps/financial/src/invoices/invoices.int.spec.ts',
    text: imports('../../../availability/src/main'),
    red: [ours, nx],
  },
  {
    name: 'the acceptance tests look inside a service',
    file: 'apps/acceptance/src/scenarios/outage-to-money.spec.ts',
    text: imports('../../../availability/src/main'),
    red: [ours, nx],
  },
  {
    name: 'a library is reached by a path',
    file: invoicing,
    text: imports('../../../../libs/kernel/src/errors'),
    red: [ours, nx],
  },

  // Domain and kernel import nothing of a framework.
  ...[
    '@nestjs/common',
    'typeorm',
    'pg',
    'kafkajs',
    'class-validator',
    'class-transformer',
    'fastify',
    'node:fs',
  ].flatMap((specifier): Case[] => [
    { name: `a domain file imports ${specifier}`, file: outage, text: imports(specifier), red: [layers] },
    {
      name: `the kernel imports ${specifier}`,
      file: interval,
      text: imports(specifier),
      red: specifier === 'node:fs' ? [layers] : [layers, nx],
    },
  ]),
  {
    name: 'a domain file imports the platform',
    file: outage,
    text: imports('@underpin/platform/persistence/unit-of-work'),
    red: [layers],
  },
  {
    name: 'a domain file imports a contract',
    file: outage,
    text: imports('@underpin/contracts/subject'),
    red: [layers],
  },
  { name: 'a domain file imports a table', file: outage, text: imports('./outages.table'), red: [layers] },
  {
    name: 'the kernel imports the contracts',
    file: interval,
    text: imports('@underpin/contracts/subject'),
    red: [layers, nx],
  },
  {
    name: 'the contracts import the platform',
    file: 'libs/contracts/src/topics.ts',
    text: imports('@underpin/platform/persistence/unit-of-work'),
    red: [nx],
  },
  { name: 'a use case imports a driver', file: invoicing, text: imports('typeorm'), red: [layers] },
  { name: 'a use case knows HTTP', file: invoicing, text: imports('@underpin/platform/http/problem'), red: [layers] },
  { name: 'a reading opens its own connection', file: reading, text: imports('pg'), red: [layers] },
  { name: 'a reading calls a use case', file: reading, text: imports('./outage-recording'), red: [layers] },
  {
    name: 'the door that several share opens its own connection',
    file: 'apps/availability/src/outages/outage-intake.ts',
    text: imports('pg'),
    red: [layers],
  },
  { name: 'a controller opens its own connection', file: controller, text: imports('pg'), red: [layers] },
  {
    name: 'the product imports what only tests need',
    file: controller,
    text: imports('@underpin/testing/eventually'),
    red: [layers],
  },

  // Domain and kernel are functions of their arguments.
  {
    name: 'a domain file reads the environment',
    file: outage,
    text: 'export const zone = process.env.TZ;\n',
    red: ['no-restricted-globals'],
  },
  {
    name: 'a domain file leaves it to chance',
    file: outage,
    text: 'export const id = Math.random();\n',
    red: ['no-restricted-properties'],
  },
  {
    name: 'a domain file makes an identity',
    file: outage,
    text: `import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();\n`,
    red: ['no-restricted-imports'],
  },
  {
    name: 'a domain file waits',
    file: outage,
    text: 'export const f = async () => 1;\n',
    red: ['no-restricted-syntax'],
  },

  // Time comes in as a value.
  { name: 'Date.now()', file: outage, text: 'export const at = Date.now();\n', red: [clock] },
  { name: 'new Date()', file: invoicing, text: 'export const at = new Date();\n', red: [clock] },
  { name: 'Date()', file: invoicing, text: 'export const at = Date();\n', red: [clock] },
  { name: 'performance.now()', file: figures, text: 'export const at = performance.now();\n', red: [clock] },
  {
    name: 'Temporal.Now',
    file: interval,
    text: `import { Temporal } from 'temporal-polyfill';\nexport const at = Temporal.Now.instant();\n`,
    red: [clock],
  },
  {
    name: 'the clock outside of the time, messaging and telemetry of the platform',
    file: 'libs/platform/src/http/filter.ts',
    text: 'export const at = Date.now();\n',
    red: [clock],
  },
  {
    name: 'a date where only a stopwatch is allowed',
    file: unitOfWork,
    text: 'export const at = Date.now();\n',
    red: [clock],
  },
  ...[
    'select now()',
    'values (current_timestamp)',
    'where due < clock_timestamp()',
    'select NOW ( )',
    'age(LOCALTIMESTAMP)',
  ].map((statement): Case => ({ name: `SQL: ${statement}`, file: figures, text: sql(statement), red: [clock] })),
  { name: 'SQL in an ordinary string', file: figures, text: `export const s = 'select now() as at';\n`, red: [clock] },

  // Money and ratios are exact.
  {
    name: 'the kernel parses a float',
    file: 'libs/kernel/src/money/money.ts',
    text: `export const m = parseFloat('0.1');\n`,
    red: ['no-restricted-globals'],
  },
  {
    name: 'money is parsed as a float',
    file: invoicing,
    text: `export const m = Number.parseFloat('0.1');\n`,
    red: ['no-restricted-properties'],
  },
  {
    name: 'money is rounded by toFixed',
    file: invoicing,
    text: 'export const m = (1.005).toFixed(2);\n',
    red: ['no-restricted-properties'],
  },

  // A DTO that is a type only is not validated.
  {
    name: 'import type of a DTO',
    file: controller,
    text: `import type { OutageDto } from './outages.dto';\nexport type T = OutageDto;\n`,
    red: ['no-restricted-syntax'],
  },
  {
    name: 'inline type import of a DTO',
    file: controller,
    text: `import { type OutageDto } from './outages.dto';\nexport type T = OutageDto;\n`,
    red: ['no-restricted-syntax'],
  },

  // What is right stays green.
  {
    name: 'a domain file on the kernel and its own kind',
    file: outage,
    text: `import { iso } from '@underpin/kernel/time/instant';\nimport { phases } from './phases';\n\nexport const show = () => iso(phases.length);\n`,
    red: [],
  },
  {
    name: 'a use case on its domain, its table and the platform',
    file: invoicing,
    text: `import { Injectable } from '@nestjs/common';\nimport type { Tx } from '@underpin/platform/persistence/unit-of-work';\nimport { issue } from './invoice';\nimport { InvoicesTable } from './invoices.table';\n\n@Injectable()\nexport class InvoiceIssuing {\n  constructor(private readonly invoices: InvoicesTable) {}\n\n  issue(tx: Tx) {\n    return tx.change(this.invoices, 'x', issue);\n  }\n}\n`,
    red: [],
  },
  {
    name: 'a controller with its DTO as a value',
    file: controller,
    text: `import { OutageDto } from './outages.dto';\nexport const dto = OutageDto;\n`,
    red: [],
  },
  {
    name: 'an instant told to a Date',
    file: invoicing,
    text: 'export const at = (instant: number) => new Date(instant);\n',
    red: [],
  },
  { name: 'a reading with the shapes of its answers', file: reading, text: imports('./outages.dto'), red: [] },
  {
    name: 'a digest in a domain file',
    file: outage,
    text: `import { createHash } from 'node:crypto';\nexport const hash = createHash('sha256');\n`,
    red: [],
  },
  { name: 'a stopwatch in the platform', file: unitOfWork, text: 'export const at = performance.now();\n', red: [] },
  {
    name: 'machine time where leases live',
    file: 'libs/platform/src/messaging/lease.ts',
    text: sql('update lease set until = clock_timestamp()'),
    red: [],
  },
  {
    name: 'words that only look like SQL',
    file: figures,
    text: sql('select known() where the_current_timestamp_is = $1'),
    red: [],
  },
];

describe('the boundaries of the house, each seen red on a wrong file', () => {
  let verdicts: { rule: string | null; message: string }[][];

  beforeAll(() => {
    const stdout = execFileSync(process.execPath, [path.join(__dirname, 'lint-texts.mjs')], {
      cwd: root,
      input: JSON.stringify(cases.map(({ file, text }) => ({ file: path.join(root, file), text }))),
      env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' },
      maxBuffer: 1 << 24,
    });
    verdicts = JSON.parse(stdout.toString()) as typeof verdicts;
  }, 60_000);

  it.each(cases.map((one, at) => ({ ...one, at })))('$name', ({ at, red }) => {
    expect([...new Set(verdicts[at]!.map(({ rule }) => rule))].sort()).toEqual([...red].sort());
  });
});
