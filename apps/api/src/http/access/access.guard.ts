import { ForbiddenException, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { IS_ADMIN_ONLY } from './admin-only.decorator.js';
import type { Authenticated } from './early-authentication.js';
import { IS_PUBLIC } from './public.decorator.js';

/** Every route needs a valid access token unless it is public, and an admin's where it is admin-only. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, targets)) return true;
    const request = context.switchToHttp().getRequest<Authenticated>();
    // Set if the token was verified before.
    if (!request.user) await super.canActivate(context);
    if (this.reflector.getAllAndOverride<boolean>(IS_ADMIN_ONLY, targets)) {
      if (!request.user?.isAdmin) throw new ForbiddenException('Only organisers may do this.');
    }
    return true;
  }
}
