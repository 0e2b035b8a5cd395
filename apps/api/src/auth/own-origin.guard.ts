import {
  ForbiddenException,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiConfig } from '../config/api-config.js';
import { isOfOwnOrigin } from '../http/own-origin.js';

/** For routes that a browser authorises with a cookie by itself: pages of other origins are refused. */
@Injectable()
export class OwnOriginGuard implements CanActivate {
  constructor(private readonly config: ApiConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (isOfOwnOrigin(headers, this.config.publicUrl)) return true;
    throw new ForbiddenException('A page of another origin may not do this.');
  }
}
