import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { ServiceDefinition } from './definition';

/** Swagger UI at `/docs`, the document at `/openapi.json`. */
export const describeApi = (app: NestFastifyApplication, service: ServiceDefinition): OpenAPIObject => {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle(service.title)
      .setDescription(service.description)
      .setVersion('1')
      .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
      .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: upk_…' })
      .addSecurityRequirements('bearer')
      .build(),
    { operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}` },
  );
  documentProblems(document);
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml' });
  return document;
};

/** Refusals that every route has in common, as problem+json. */
const PROBLEMS: Readonly<Record<string, string>> = {
  '400': 'The request is not well formed: each wrong field is named',
  '401': 'No API key, or one that is not known',
  '403': 'The API key lacks the scope',
  '404': 'There is no such subject',
  '409': 'In conflict with what is there',
  '413': 'The body is larger than 1 MiB',
  '422': 'Well formed, but it makes no sense: what was wrong and what would be right',
  '503': 'Not available at the moment; nothing was changed',
};

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', example: 'https://underpin.dev/problems/request.malformed' },
    title: { type: 'string', example: 'The request is not well formed' },
    status: { type: 'integer', example: 400 },
    code: { type: 'string', example: 'request.malformed', description: 'Stable, for programs' },
    detail: { type: 'string', description: 'What was wrong, and what would be right' },
    correlationId: { type: 'string', description: 'Under which the log has it' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
  },
} as const;

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

const documentProblems = (document: OpenAPIObject): void => {
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema as never },
  };
  for (const path of Object.values(document.paths))
    for (const method of METHODS) {
      const operation = path[method];
      if (operation !== undefined)
        Object.assign(operation.responses, problemsOf(method, operation), operation.responses);
    }
};

const problemsOf = (method: string, { parameters = [] }: Operation): Operation['responses'] => {
  const named = parameters.some((parameter) => 'in' in parameter && parameter.in === 'path');
  const left = new Set([...(method === 'get' ? ['409', '413'] : []), ...(named ? [] : ['404'])]);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    Object.entries(PROBLEMS)
      .filter(([status]) => !left.has(status))
      .map(([status, description]) => [status, { description, content }]),
  );
};
