import path from 'node:path';
import { eachImport, projectOf, roleOf } from './roles.mjs';

const kernel = /^(@underpin\/kernel\/|node:crypto$)/;
const database = /^(typeorm|pg|kafkajs|@nestjs\/(typeorm|microservices))($|\/)/;
const drivers =
  /^(typeorm|pg|kafkajs|fastify|@fastify\/.*|@nestjs\/(core|typeorm|platform-fastify|microservices))($|\/)/;
const web = /^(@nestjs\/swagger|class-validator|class-transformer|@underpin\/platform\/(http|auth))($|\/)/;
const tests = /^(@underpin\/testing|@nestjs\/testing|fast-check|testcontainers|@testcontainers\/.*)($|\/)/;

/** For each role: which modules it may name (`only`) or may not (`never`), and of which roles its own project's files may be. */
const layerOf = {
  kernel: {
    only: /^(node:crypto|temporal-polyfill)$/,
    why: 'the kernel is plain arithmetic: it imports node:crypto and temporal-polyfill, nothing else',
  },
  domain: {
    only: kernel,
    reaches: ['domain'],
    why: 'a domain file is pure: it imports the kernel, node:crypto and other domain files, no framework, no table, no contract',
  },
  'use case': {
    never: [drivers, web, tests],
    reaches: ['domain', 'use case', 'table', 'publications'],
    why: 'a use case loads, decides and saves: no HTTP, no driver; its tables know SQL, its doors know the wire',
  },
  table: {
    never: [drivers, web, tests],
    reaches: ['domain', 'table', 'publications'],
    why: 'a table maps rows to state through the platform: it knows no driver and no door',
  },
  reading: {
    never: [drivers, tests],
    reaches: ['domain', 'reading', 'table', 'dto'],
    why: 'a reading goes straight to the tables and gives what the caller needs: no driver, and it changes nothing',
  },
  worker: { never: [drivers, web, tests], why: 'a worker takes its turn through the platform and calls a use case' },
  door: { never: [database, tests], why: 'a door translates and calls a use case: no driver' },
  dto: { never: [drivers, tests], why: 'a DTO is a shape of the wire' },
  publications: {
    never: [drivers, web, tests],
    reaches: ['domain', 'publications'],
    why: 'publications turn facts into contracts',
  },
  composition: {
    never: [/^(pg|kafkajs)($|\/)/, tests],
    why: 'a service reaches its database and bus through the platform',
  },
};

/** Which role may import what: the inner layers by an allow-list, the outer ones by what they must not know. */
export const layers = {
  meta: { type: 'problem', schema: [], messages: { layer: 'A {{role}} file may not import {{specifier}}: {{why}}.' } },
  create(context) {
    const role = roleOf(context.filename);
    const layer = layerOf[role];
    if (!layer) return {};
    const allows = (specifier) => {
      if (specifier.startsWith('.')) {
        const target = `${path.resolve(path.dirname(context.filename), specifier)}.ts`;
        const leaves = projectOf(target) !== projectOf(context.filename); // own-project has its word on that
        return leaves || !layer.reaches || layer.reaches.includes(roleOf(target));
      }
      if (layer.only) return layer.only.test(specifier);
      return !layer.never.some((pattern) => pattern.test(specifier));
    };
    return eachImport((specifier, node) => {
      if (!allows(specifier)) context.report({ node, messageId: 'layer', data: { role, specifier, why: layer.why } });
    });
  },
};
