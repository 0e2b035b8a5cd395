import type { IssuedToken } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiConfig } from '../config/api-config.js';
import { HostCookie } from './host-cookie.js';

/** Where a browser keeps its refresh token: out of reach of scripts and of other sites. */
@Injectable()
export class RefreshCookie {
  private readonly cookie: HostCookie;

  constructor(config: ApiConfig) {
    this.cookie = new HostCookie('modex_refresh', config.publicUrl);
  }

  read(request: FastifyRequest): string | null {
    return this.cookie.read(request);
  }

  write(reply: FastifyReply, { token, expiresAt }: IssuedToken): void {
    this.cookie.write(reply, token, expiresAt);
  }

  clear(reply: FastifyReply): void {
    this.cookie.clear(reply);
  }
}
