import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Upstream } from './config';

/** One Swagger UI over all services, at `/docs`: the services are chosen in its bar, a key once given is kept for all of them. */
export const showDocs = (app: NestFastifyApplication, services: readonly Upstream[]): void => {
  const nothing = { openapi: '3.0.0', info: { title: 'Underpin', version: '1' }, paths: {} };
  SwaggerModule.setup('docs', app, nothing, {
    raw: false,
    explorer: true,
    customSiteTitle: 'Underpin: the API',
    swaggerOptions: {
      urls: services.map(({ name }) => ({ name, url: `/openapi/${name}.json` })),
      persistAuthorization: true,
      tagsSorter: 'alpha',
    },
  });
  app
    .getHttpAdapter()
    .getInstance()
    .get('/', (_request, reply) => reply.redirect('/docs'));
};
