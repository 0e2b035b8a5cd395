import type { Actor } from '@modex/domain';
import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { IS_ADMIN_ONLY } from './admin-only.decorator.js';
import { bearerToken } from './bearer-token.js';
import { IS_PUBLIC } from './public.decorator.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Guards every route: a valid access token unless it is public, an admin's where it says so. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: VerifiedTokens,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, targets)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: Actor }>();
    const token = bearerToken(request.headers.authorization);
    const actor = token === null ? null : this.tokens.verify(token);
    if (!actor) throw new UnauthorizedException();
    request.user = actor;
    if (this.reflector.getAllAndOverride<boolean>(IS_ADMIN_ONLY, targets) && !actor.isAdmin) {
      throw new ForbiddenException('Only organisers may do this.');
    }
    return true;
  }
}
