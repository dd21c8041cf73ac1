import { createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@underpin/kernel/errors';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../persistence/actor';
import { allows, type ApiKey, type ApiKeys } from './api-keys';

const SCOPE = 'underpin:scope';
const PUBLIC = 'underpin:public';

/** What a caller must be allowed to do, on a controller or (stronger) on one route. `*:admin` is the admin of whichever service this is. */
export const Scope = (scope: string) => SetMetadata(SCOPE, scope);

/** A route that needs no key. */
export const Public = () => SetMetadata(PUBLIC, true);

/** A request that has passed the guard. */
export interface AuthenticatedRequest extends FastifyRequest {
  apiKey?: ApiKey;
  actor?: Actor;
}

/** Lets in who has a key with the scope that the route asks for. A route that asks for nothing lets nobody in. */
export class ScopeGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeys,
    private readonly reflector: Reflector,
    private readonly service = '*',
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, places)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const text = keyIn(request);
    if (text === undefined)
      throw new DomainError(
        'unauthenticated',
        'auth.key-missing',
        'This needs an API key: send the header "Authorization: Bearer <key>".',
      );
    const key = this.keys.find(text);
    if (key === undefined)
      throw new DomainError(
        'unauthenticated',
        'auth.key-unknown',
        'This API key is not known here: it may have been mistyped or withdrawn.',
      );
    const wanted = this.reflector
      .getAllAndOverride<string | undefined>(SCOPE, places)
      ?.replace(/^\*:/, `${this.service}:`);
    if (wanted === undefined || !allows(key.scopes, wanted))
      throw new DomainError(
        'forbidden',
        'auth.scope-missing',
        `The API key "${key.id}" lacks the scope "${wanted ?? 'none'}".`,
      );
    request.apiKey = key;
    request.actor = {
      who: key.id,
      door: 'rest',
      useCase: `${context.getClass().name}.${context.getHandler().name}`,
      correlationId: String(request.id),
    };
    return true;
  }
}

const keyIn = (request: FastifyRequest): string | undefined => {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-api-key'];
  return bearer ?? (typeof header === 'string' ? header : undefined);
};

/** Who calls: goes into the transaction, its audit rows and its events. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (actor === undefined) throw new Error('A public route has no caller');
  return actor;
});
