import type { Actor } from '@modex/domain';
import { ForbiddenException, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { IS_ADMIN_ONLY } from './admin-only.decorator.js';
import { bearerToken } from './bearer-token.js';
import { IS_PUBLIC } from './public.decorator.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Guards every route: a valid access token unless it is public, an admin's where it says so. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: VerifiedTokens,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, targets)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: Actor }>();
    const token = bearerToken(request.headers.authorization);
    request.user = (token !== null && this.tokens.find(token)) || undefined;
    if (!request.user) await super.canActivate(context);
    if (this.reflector.getAllAndOverride<boolean>(IS_ADMIN_ONLY, targets)) {
      if (!request.user?.isAdmin) throw new ForbiddenException('Only organisers may do this.');
    }
    return true;
  }
}
